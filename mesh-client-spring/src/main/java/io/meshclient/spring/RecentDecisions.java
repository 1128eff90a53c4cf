package io.meshclient.spring;

import io.meshclient.Decision;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The last decisions, and how often rules led where. Bounded: what comes first leaves first, and
 * beyond a thousand ways none is counted any more.
 *
 * <p>Safe from any thread; the lock is held for a few instructions.
 */
public final class RecentDecisions implements Consumer<Decision> {
  private static final int MOST = 100;
  private static final int MOST_WAYS = 1000;

  /** A decision, and when it was made. */
  public record Made(Instant at, Decision decision) {}

  /** From a rule to a destination. */
  public record Way(String rule, String cluster) {}

  private final Deque<Made> last = new ArrayDeque<>(MOST);
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Way, LongAdder> ways = new ConcurrentHashMap<>();

  RecentDecisions() {}

  @Override
  public void accept(Decision decision) {
    count(decision);
    Made made = new Made(Instant.now(), decision);
    lock.lock();
    try {
      if (last.size() == MOST) {
        last.removeFirst();
      }
      last.addLast(made);
    } finally {
      lock.unlock();
    }
  }

  private void count(Decision decision) {
    if (decision.rule() == null || decision.cluster().isEmpty()) {
      return;
    }
    Way way = new Way(decision.rule().toString(), decision.cluster());
    LongAdder count = ways.get(way);
    if (count == null && ways.size() < MOST_WAYS) {
      count = ways.computeIfAbsent(way, key -> new LongAdder());
    }
    if (count != null) {
      count.increment();
    }
  }

  /** The last ones, the latest first. */
  public List<Made> latest() {
    lock.lock();
    try {
      List<Made> all = new ArrayList<>(last);
      Collections.reverse(all);
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** How often a rule has led to a cluster. */
  public long count(String rule, String cluster) {
    LongAdder count = ways.get(new Way(rule, cluster));
    return count == null ? 0 : count.sum();
  }
}
