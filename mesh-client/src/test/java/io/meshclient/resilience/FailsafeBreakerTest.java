package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.AsyncExecution;
import dev.failsafe.Call;
import dev.failsafe.ExecutionContext;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.failsafe.TimeoutExceededException;
import dev.failsafe.function.ContextualSupplier;
import io.meshclient.resilience.CircuitBreaker.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our breaker in Failsafe's executors. */
@org.junit.jupiter.api.Timeout(20)
class FailsafeBreakerTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final BreakerFixture fixture =
      new BreakerFixture(
          BreakerSettings.consecutive(1).openFor(Duration.ofSeconds(60)).jitter(0).probes(2));
  private final CircuitBreaker breaker = fixture.breaker;
  private final FailsafeBreaker<String> policy =
      FailsafeBreaker.of(breaker, (result, failure) -> failure != null || "bad".equals(result));

  /** Half-open, with one of two probes under way: what is given back twice would show. */
  private void halfOpen() {
    fixture.fail(1);
    fixture.pass(Duration.ofSeconds(60));
    assertThat(breaker.tryAcquire()).isNotEqualTo(CircuitBreaker.REJECTED);
    assertThat(breaker.probing()).isEqualTo(1);
  }

  /** One execution, however it ends. */
  interface Execution {
    void run(FailsafeBreaker<String> policy) throws Exception;
  }

  /**
   * @param after what the breaker does once the execution is over
   */
  record Row(String name, State after, Execution execution) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> ends() {
    return Stream.of(
        new Row("a result", State.HALF_OPEN, p -> Failsafe.with(p).get(() -> "good")),
        new Row("a bad result", State.OPEN, p -> Failsafe.with(p).get(() -> "bad")),
        new Row("an exception", State.OPEN, p -> failing(p, new IOException("broken"))),
        new Row("an error", State.HALF_OPEN, p -> failing(p, new StackOverflowError())),
        new Row("an interrupt", State.HALF_OPEN, FailsafeBreakerTest::interrupted),
        new Row("a cancelled call", State.HALF_OPEN, FailsafeBreakerTest::cancelled),
        new Row("a timeout outside", State.OPEN, p -> timedOut(p, true)),
        new Row("a timeout outside, no interrupt", State.OPEN, p -> timedOut(p, false)),
        new Row(
            "a future's result",
            State.HALF_OPEN,
            p -> Failsafe.with(p).getAsync(() -> "good").get()),
        new Row(
            "a future's bad result", State.OPEN, p -> Failsafe.with(p).getAsync(() -> "bad").get()),
        new Row("a future's error", State.HALF_OPEN, FailsafeBreakerTest::asyncError),
        new Row("a cancelled future", State.HALF_OPEN, FailsafeBreakerTest::cancelledFuture),
        new Row(
            "a cancelled stage that never ends",
            State.HALF_OPEN,
            FailsafeBreakerTest::cancelledStage),
        new Row("a timeout outside a stage", State.OPEN, FailsafeBreakerTest::timedOutStage),
        new Row("a result that is told later", State.HALF_OPEN, p -> told(p, "good")),
        new Row("a bad result that is told later", State.OPEN, p -> told(p, "bad")),
        new Row("a rejected schedule", State.HALF_OPEN, FailsafeBreakerTest::unscheduled));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void permit_isGivenBackOnce_whateverTheEnd(Row row) throws Exception {
    halfOpen();

    row.execution.run(policy);

    assertThat(breaker.state()).isEqualTo(row.after);
    assertThat(breaker.probing()).isEqualTo(row.after == State.OPEN ? 0 : 1);
    assertThat(Thread.interrupted()).isEqualTo(row.name.equals("an interrupt"));
  }

  private static void failing(FailsafeBreaker<String> policy, Throwable failure) {
    assertThatThrownBy(
            () ->
                Failsafe.with(policy)
                    .get(
                        () -> {
                          throw failure;
                        }))
        .satisfies(thrown -> assertThat(failure).isIn(thrown, thrown.getCause()));
  }

  private static void interrupted(FailsafeBreaker<String> policy) {
    failing(policy, new InterruptedException("stop"));
  }

  private static void cancelled(FailsafeBreaker<String> policy) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    ContextualSupplier<String, String> work = context -> untilInterrupted(begun);
    AtomicReference<Call<String>> call = new AtomicReference<>();
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              call.set(Failsafe.with(policy).newCall(work)); // what it interrupts is its maker
              assertThatThrownBy(call.get()::execute).isInstanceOf(FailsafeException.class);
            });
    begun.await();
    call.get().cancel(true);
    running.get(30, TimeUnit.SECONDS);
  }

  private static void timedOut(FailsafeBreaker<String> policy, boolean interrupts) {
    var timeout = Timeout.<String>builder(SHORT);
    CountDownLatch over = new CountDownLatch(1);
    FailsafeExecutor<String> executor =
        Failsafe.with((interrupts ? timeout.withInterrupt() : timeout).build(), policy);
    assertThatThrownBy(
            () ->
                executor.get(
                    context -> {
                      if (interrupts) {
                        return untilInterrupted(new CountDownLatch(1));
                      }
                      context.onCancel(over::countDown);
                      if (!context.isCancelled()) {
                        over.await();
                      }
                      return "good";
                    }))
        .isInstanceOf(TimeoutExceededException.class);
  }

  private static void asyncError(FailsafeBreaker<String> policy) {
    assertThatThrownBy(
            () ->
                Failsafe.with(policy)
                    .getAsync(
                        () -> {
                          throw new StackOverflowError();
                        })
                    .get())
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  private static void cancelledFuture(FailsafeBreaker<String> policy) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> future =
        Failsafe.with(policy).getAsync(() -> untilInterrupted(begun));
    begun.await();
    future.cancel(true);
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
  }

  private static void cancelledStage(FailsafeBreaker<String> policy) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> future =
        Failsafe.with(policy)
            .getStageAsync(
                () -> {
                  begun.countDown();
                  return new CompletableFuture<String>().minimalCompletionStage();
                });
    begun.await();
    future.cancel(true);
  }

  private static void timedOutStage(FailsafeBreaker<String> policy) {
    assertThatThrownBy(
            () ->
                Failsafe.with(Timeout.<String>of(SHORT), policy)
                    .getStageAsync(FailsafeBreakerTest::untilCancelled)
                    .get())
        .hasCauseInstanceOf(TimeoutExceededException.class);
  }

  private static CompletableFuture<String> untilCancelled(ExecutionContext<String> context) {
    CompletableFuture<String> stage = new CompletableFuture<>();
    context.onCancel(() -> stage.complete("late"));
    if (context.isCancelled()) {
      stage.complete("late");
    }
    return stage;
  }

  private static void told(FailsafeBreaker<String> policy, String result) throws Exception {
    CompletableFuture<AsyncExecution<String>> teller = new CompletableFuture<>();
    CompletableFuture<String> future = Failsafe.with(policy).getAsyncExecution(teller::complete);
    teller.get().recordResult(result);
    assertThat(future.get()).isEqualTo(result);
  }

  private static void unscheduled(FailsafeBreaker<String> policy) {
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.shutdown();
    assertThatThrownBy(() -> Failsafe.with(policy).with(closed).getAsync(() -> "good").get())
        .isNotNull();
  }

  private static String untilInterrupted(CountDownLatch begun) throws InterruptedException {
    begun.countDown();
    new CountDownLatch(1).await();
    return "never";
  }

  @Test
  void openBreaker_endsSynchronousExecutions_withFailsafesExceptionAroundOurs() {
    fixture.fail(1);
    AtomicInteger runs = new AtomicInteger();

    assertThatThrownBy(() -> Failsafe.with(policy).get(() -> "" + runs.incrementAndGet()))
        .isExactlyInstanceOf(FailsafeException.class)
        .hasCauseInstanceOf(CircuitOpenException.class);
    assertThat(runs).hasValue(0);
    assertThat(breaker.rejections()).isEqualTo(1);
  }

  @Test
  void openBreaker_endsFutures_withOurException() {
    fixture.fail(1);

    assertThatThrownBy(() -> Failsafe.with(policy).getAsync(() -> "good").get())
        .cause()
        .isInstanceOf(CircuitOpenException.class);
  }

  @Test
  void openBreaker_isSeenByOtherPolicies_asOurException() {
    fixture.fail(1);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    RetryPolicy<String> retries =
        RetryPolicy.<String>builder()
            .abortOn(CircuitOpenException.class)
            .onAbort(event -> seen.set(event.getException()))
            .build();

    assertThatThrownBy(() -> Failsafe.with(retries, policy).get(() -> "good"))
        .hasCauseInstanceOf(CircuitOpenException.class);
    assertThat(seen.get()).isInstanceOf(CircuitOpenException.class);
    assertThat(breaker.rejections()).isEqualTo(1);
  }

  @Test
  void attempts_ofARetryPolicyOutside_countEach_synchronousOrNot() throws Exception {
    CircuitBreaker counting =
        new CircuitBreaker("counting", BreakerSettings.overCalls(10, 10, 100));
    FailsafeExecutor<String> executor =
        Failsafe.with(
            List.of(
                RetryPolicy.<String>builder().handleResult("bad").withMaxRetries(2).build(),
                FailsafeBreaker.<String>of(counting, (result, failure) -> "bad".equals(result))));

    assertThat(executor.get(() -> "bad")).isEqualTo("bad");
    assertThat(counting.counts().failures()).isEqualTo(3);
    assertThat(executor.getAsync(() -> "bad").get()).isEqualTo("bad");
    assertThat(counting.counts().failures()).isEqualTo(6);
  }

  @Test
  void timeout_insideTheBreaker_isAFailure() {
    FailsafeExecutor<String> executor =
        Failsafe.with(policy, Timeout.<String>builder(SHORT).withInterrupt().build());

    assertThatThrownBy(() -> executor.get(() -> untilInterrupted(new CountDownLatch(1))))
        .isInstanceOf(TimeoutExceededException.class);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void standaloneExecution_hasNoPermit_andCountsForNothing() {
    dev.failsafe.Execution<String> execution = dev.failsafe.Execution.of(policy);
    execution.recordException(new IOException("broken"));

    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void test_thatThrows_givesThePermitBack() {
    halfOpen();
    FailsafeBreaker<String> faulty =
        FailsafeBreaker.of(
            breaker,
            (result, failure) -> {
              throw new IllegalStateException("faulty");
            });

    assertThatThrownBy(() -> Failsafe.with(faulty).get(() -> "good")).hasMessage("faulty");
    assertThatThrownBy(() -> Failsafe.with(faulty).getAsync(() -> "good").get())
        .hasRootCauseMessage("faulty");
    assertThat(breaker.probing()).isEqualTo(1);
  }
}
