package io.meshclient.context;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContextWrappersTest {

  private final ScheduledExecutorService pool = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  @Test
  void executor_runsInTheSubmittersContext() throws Exception {
    Executor executor = ContextWrappers.executor(pool);
    CompletableFuture<String> seen = new CompletableFuture<>();
    try (Scope scope = carrying("1")) {
      executor.execute(() -> seen.complete(canary()));
    }
    assertThat(seen.get(30, SECONDS)).isEqualTo("1");
    assertThat(pool.submit(ContextWrappersTest::canary).get(30, SECONDS)).isEqualTo("none");
  }

  @Test
  void executorService_everyWayIn() throws Exception {
    ExecutorService executor = ContextWrappers.executorService(pool);
    Callable<String> task = ContextWrappersTest::canary;
    try (Scope scope = carrying("1")) {
      assertThat(executor.submit(task).get(30, SECONDS)).isEqualTo("1");
      assertThat(executor.invokeAny(List.of(task))).isEqualTo("1");
      for (Future<String> future : executor.invokeAll(List.of(task, task))) {
        assertThat(future.get(30, SECONDS)).isEqualTo("1");
      }
    }
    assertThat(executor.submit(task).get(30, SECONDS)).isEqualTo("none");
  }

  @Test
  void scheduledExecutorService_runsInTheSubmittersContext() throws Exception {
    ScheduledExecutorService executor = ContextWrappers.scheduledExecutorService(pool);
    Future<String> seen;
    try (Scope scope = carrying("1")) {
      seen = executor.schedule(ContextWrappersTest::canary, 1, MILLISECONDS);
    }
    assertThat(seen.get(30, SECONDS)).isEqualTo("1");
  }

  @Test
  void scheduledExecutorService_periodicTask_keepsTheContextOnlyIfWrapped() throws Exception {
    ScheduledExecutorService executor = ContextWrappers.scheduledExecutorService(pool);
    CompletableFuture<String> plain = new CompletableFuture<>();
    CompletableFuture<String> wrapped = new CompletableFuture<>();
    try (Scope scope = carrying("1")) {
      executor.scheduleAtFixedRate(() -> plain.complete(canary()), 0, 1, MILLISECONDS);
      executor.scheduleWithFixedDelay(
          ContextWrappers.runnable(() -> wrapped.complete(canary())), 0, 1, MILLISECONDS);
    }
    assertThat(plain.get(30, SECONDS)).isEqualTo("none");
    assertThat(wrapped.get(30, SECONDS)).isEqualTo("1");
  }

  @Test
  void futureExecutor_stagesThatAnotherThreadSetsOff_runInTheContextOfNow() throws Exception {
    CompletableFuture<String> source = new CompletableFuture<>();
    CompletableFuture<String> seen;
    try (Scope scope = carrying("1")) {
      Executor executor = ContextWrappers.futureExecutor(pool);
      seen =
          source
              .thenApplyAsync(value -> value + canary(), executor)
              .thenApplyAsync(value -> value + canary(), executor);
    }
    try (Scope scope = carrying("another request's")) {
      source.complete("");
    }
    assertThat(seen.get(30, SECONDS)).isEqualTo("11");
  }

  @Test
  void supplyAsync_onAWrappedExecutor() throws Exception {
    try (Scope scope = carrying("1")) {
      assertThat(
              CompletableFuture.supplyAsync(
                      ContextWrappersTest::canary, ContextWrappers.executor(pool))
                  .get(30, SECONDS))
          .isEqualTo("1");
    }
  }

  @Test
  void singleTasks_runInTheContextOfNow() throws Exception {
    Callable<String> callable;
    CompletableFuture<String> supplied;
    CompletableFuture<String> applied;
    try (Scope scope = carrying("1")) {
      callable = ContextWrappers.callable(ContextWrappersTest::canary);
      supplied =
          CompletableFuture.supplyAsync(
              ContextWrappers.supplier(ContextWrappersTest::canary), pool);
      applied =
          CompletableFuture.completedFuture("a")
              .thenApplyAsync(ContextWrappers.function((String value) -> value + canary()), pool);
    }
    assertThat(pool.submit(callable).get(30, SECONDS)).isEqualTo("1");
    assertThat(supplied.get(30, SECONDS)).isEqualTo("1");
    assertThat(applied.get(30, SECONDS)).isEqualTo("a1");
  }

  @Test
  void threadFactory_runsInTheMakersContext() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Thread thread;
    try (Scope scope = carrying("1")) {
      thread =
          ContextWrappers.threadFactory(Executors.defaultThreadFactory())
              .newThread(() -> seen.complete(canary()));
    }
    thread.start();
    thread.join();
    assertThat(seen).isCompletedWithValue("1");
  }

  @Test
  void virtualThreads_oneForEachTask_runInTheSubmittersContext() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
    ThreadFactory factory = ContextWrappers.threadFactory(virtualThreads());
    ExecutorService executor =
        (ExecutorService)
            Executors.class
                .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                .invoke(null, factory);
    try {
      Future<String> one = submitAs("1", executor);
      Future<String> two = submitAs("2", executor);
      assertThat(one.get(30, SECONDS)).isEqualTo("1");
      assertThat(two.get(30, SECONDS)).isEqualTo("2");
    } finally {
      executor.shutdownNow();
    }
  }

  private static Future<String> submitAs(String value, ExecutorService executor) {
    try (Scope scope = carrying(value)) {
      return executor.submit(ContextWrappersTest::canary);
    }
  }

  private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    return (ThreadFactory)
        Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
  }

  private static Scope carrying(String value) {
    return MeshContext.empty().with("x-canary", value).makeCurrent();
  }

  private static String canary() {
    String value = MeshContext.current().header("x-canary");
    return value == null ? "none" : value;
  }
}
