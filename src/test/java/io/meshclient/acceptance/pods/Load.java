package io.meshclient.acceptance.pods;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Requests without a pause, a few at once, and what became of them in the order of their ends. */
final class Load implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /** So that an answer tells of what is now, and not of what was. */
  private static final int AHEAD = 4;

  private final BlockingQueue<Ended> answers = new LinkedBlockingQueue<>(AHEAD);
  private final ExecutorService threads;

  private Load(int atOnce) {
    threads = Executors.newFixedThreadPool(atOnce);
  }

  /**
   * Begins.
   *
   * @param request answers with a status; an exception counts as 0
   */
  static Load of(int atOnce, Callable<Integer> request) {
    Load load = new Load(atOnce);
    for (int i = 0; i < atOnce; i++) {
      load.threads.execute(() -> load.run(request));
    }
    return load;
  }

  /** What becomes of the next ones that are sent: not of those that are on their way already. */
  List<Integer> next(int count) throws InterruptedException {
    long now = System.nanoTime();
    List<Integer> statuses = new ArrayList<>();
    while (statuses.size() < count) {
      Ended ended = one();
      if (ended.begun() - now >= 0) {
        statuses.add(ended.status());
      }
    }
    return statuses;
  }

  /** Whether that comes about in a row, within so many. */
  boolean until(List<Integer> row, int most) throws InterruptedException {
    List<Integer> statuses = new ArrayList<>();
    while (statuses.size() < most) {
      statuses.add(one().status());
      if (Collections.lastIndexOfSubList(statuses, row) == statuses.size() - row.size()
          && statuses.size() >= row.size()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws InterruptedException {
    threads.shutdownNow();
    threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Ended one() throws InterruptedException {
    Ended ended = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (ended == null) {
      throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s");
    }
    return ended;
  }

  private void run(Callable<Integer> request) {
    try {
      while (true) {
        long begun = System.nanoTime();
        answers.put(new Ended(begun, status(request)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int status(Callable<Integer> request) {
    try {
      return request.call();
    } catch (Exception e) {
      return 0;
    }
  }

  private record Ended(long begun, int status) {}
}
