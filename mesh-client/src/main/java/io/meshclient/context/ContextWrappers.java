package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.context.Context;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries what travels with a request, span and baggage included, to other threads.
 *
 * <p>Thin: OpenTelemetry's {@link Context} does the work, and has further wrappers for {@code
 * Consumer}, {@code BiFunction} and {@code BiConsumer}. Code that an OpenTelemetry agent
 * instruments needs none of them, and is not harmed by them.
 *
 * <p>What the methods return is as safe to share as what they are given.
 */
public final class ContextWrappers {

  private ContextWrappers() {}

  /** Runs each task in the context of the thread that hands it in. */
  public static Executor executor(Executor executor) {
    return Context.taskWrapping(requireNonNull(executor, "executor"));
  }

  /** Runs each task in the context of the thread that hands it in. */
  public static ExecutorService executorService(ExecutorService executor) {
    return Context.taskWrapping(requireNonNull(executor, "executor"));
  }

  /**
   * Runs each task in the context of the thread that hands it in, except periodic ones: they would
   * keep one request's context for good. One that shall keep it is wrapped by {@link #runnable}.
   */
  public static ScheduledExecutorService scheduledExecutorService(
      ScheduledExecutorService executor) {
    return Context.taskWrapping(requireNonNull(executor, "executor"));
  }

  /**
   * Runs every task in the context of now: for the {@code Async} methods of one {@code
   * CompletableFuture}'s stages, which any thread may hand in, depending on which stage ends when.
   */
  public static Executor futureExecutor(Executor executor) {
    return Context.current().wrap(requireNonNull(executor, "executor"));
  }

  /**
   * Runs each thread in the context of the thread that makes it. For one thread for each task, as
   * with {@code Executors.newThreadPerTaskExecutor} and {@code Thread.ofVirtual().factory()}; the
   * threads of a pool would keep the context of whoever made the pool grow.
   */
  public static ThreadFactory threadFactory(ThreadFactory factory) {
    requireNonNull(factory, "factory");
    return task -> factory.newThread(Context.current().wrap(task));
  }

  /** Runs in the context of now, on whichever thread. */
  public static Runnable runnable(Runnable task) {
    return Context.current().wrap(requireNonNull(task, "task"));
  }

  /** Runs in the context of now, on whichever thread. */
  public static <T extends @Nullable Object> Callable<T> callable(Callable<T> task) {
    return Context.current().wrap(requireNonNull(task, "task"));
  }

  /** Runs in the context of now, on whichever thread. */
  public static <T extends @Nullable Object> Supplier<T> supplier(Supplier<T> supplier) {
    return Context.current().wrapSupplier(requireNonNull(supplier, "supplier"));
  }

  /** Runs in the context of now, on whichever thread. */
  public static <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> function(
      Function<T, R> function) {
    return Context.current().wrapFunction(requireNonNull(function, "function"));
  }
}
