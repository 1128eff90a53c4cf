package io.meshclient.spring.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshclient.context.MeshContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The context on each way from one thread to another. */
class ContextHopsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MeshContextAutoConfiguration.class,
                  TaskExecutionAutoConfiguration.class,
                  TaskSchedulingAutoConfiguration.class));

  private static String canary() {
    return String.valueOf(MeshContext.current().header("x-canary"));
  }

  private static Scope request() {
    return MeshContext.builder().set("x-canary", "true").build().makeCurrent();
  }

  @Test
  void task_of_boots_executor_has_the_context_of_who_hands_it_in() {
    runner.run(
        context -> {
          AsyncTaskExecutor executor = executor(context);
          try (Scope scope = request()) {
            assertThat(executor.submitCompletable(ContextHopsTest::canary).get()).isEqualTo("true");
          }
          assertThat(executor.submitCompletable(ContextHopsTest::canary).get()).isEqualTo("null");
        });
  }

  @Test
  void task_of_boots_executor_has_no_context_where_that_is_turned_off() {
    runner
        .withPropertyValues("mesh.client.tasks.enabled=false")
        .run(
            context -> {
              try (Scope scope = request()) {
                assertThat(executor(context).submitCompletable(ContextHopsTest::canary).get())
                    .isEqualTo("null");
              }
            });
  }

  @Test
  void task_on_a_virtual_thread_has_the_context() {
    assumeTrue(Runtime.version().feature() >= 21, "no virtual threads on this JDK");
    runner
        .withPropertyValues("spring.threads.virtual.enabled=true")
        .run(
            context -> {
              try (Scope scope = request()) {
                assertThat(executor(context).submitCompletable(ContextHopsTest::canary).get())
                    .isEqualTo("true");
              }
            });
  }

  private static AsyncTaskExecutor executor(
      org.springframework.context.ApplicationContext context) {
    return context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
  }

  @Test
  void completable_future_on_boots_executor_has_the_context() {
    runner.run(
        context -> {
          try (Scope scope = request()) {
            assertThat(
                    CompletableFuture.supplyAsync(ContextHopsTest::canary, executor(context)).get())
                .isEqualTo("true");
          }
        });
  }

  @Test
  void async_method_has_the_context() {
    runner
        .withUserConfiguration(WithAsync.class)
        .run(
            context -> {
              try (Scope scope = request()) {
                assertThat(context.getBean(Later.class).canary().get()).isEqualTo("true");
              }
            });
  }

  @Configuration
  @EnableAsync
  static class WithAsync {
    @Bean
    Later later() {
      return new Later();
    }
  }

  static class Later {
    @Async
    public CompletableFuture<String> canary() {
      return CompletableFuture.completedFuture(ContextHopsTest.canary());
    }
  }

  @Test
  void scheduled_task_begins_each_run_without_a_context() {
    try (Scope scope = MeshContext.empty().makeCurrent()) {
      runner
          .withUserConfiguration(WithSchedule.class)
          .run(
              context -> {
                BlockingQueue<String> seen = context.getBean(Ticker.class).seen;
                for (int i = 0; i < 3; i++) {
                  assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
                }
              });
    }
  }

  @Configuration
  @EnableScheduling
  static class WithSchedule {
    @Bean
    Ticker ticker() {
      return new Ticker();
    }
  }

  static class Ticker {
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    /** Leaves something on the thread, as careless code does. */
    @Scheduled(fixedDelay = 1)
    @SuppressWarnings("MustBeClosedChecker")
    public void tick() {
      seen.add(canary());
      request();
    }
  }

  @Test
  void reactor_restores_the_context_on_its_threads() {
    runner.run(
        context -> {
          Hooks.enableAutomaticContextPropagation();
          try (Scope scope = request()) {
            Mono<String> elsewhere =
                Mono.fromSupplier(ContextHopsTest::canary).subscribeOn(Schedulers.boundedElastic());
            assertThat(elsewhere.block(SOON)).isEqualTo("true");
          } finally {
            Hooks.disableAutomaticContextPropagation();
          }
        });
  }

  @Test
  void snapshot_brings_the_context_to_a_thread_and_takes_it_away() throws Exception {
    var snapshots = ContextSnapshotFactory.builder().build();
    CompletableFuture<String> within = new CompletableFuture<>();
    CompletableFuture<String> after = new CompletableFuture<>();
    try (Scope scope = request()) {
      Runnable task = () -> within.complete(canary());
      Runnable wrapped = snapshots.captureAll().wrap(task);
      Thread other =
          new Thread(
              () -> {
                wrapped.run();
                after.complete(canary());
              });
      other.start();
      other.join();
    }
    assertThat(within.get()).isEqualTo("true");
    assertThat(after.get()).isEqualTo("null");
  }

  @Test
  void accessor_is_the_first_of_all() {
    runner.run(
        context ->
            assertThat(ContextRegistry.getInstance().getThreadLocalAccessors().get(0))
                .isInstanceOf(MeshThreadContextAccessor.class));
  }
}
