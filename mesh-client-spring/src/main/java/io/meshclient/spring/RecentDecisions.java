package io.meshclient.spring;

import io.meshclient.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last decisions, and how often rules led where. Bounded: what comes first leaves first, and
 * beyond a thousand ways none is counted any more.
 *
 * <p>Safe from any thread; takes no lock.
 */
public final class RecentDecisions implements Consumer<Decision> {
  private static final int MOST = 100;
  private static final int MOST_WAYS = 1000;

  /** A decision, and when it was made. */
  public record Made(Instant at, Decision decision) {}

  /** From a rule to a destination. */
  private record Way(String rule, String cluster) {}

  private final AtomicReferenceArray<@Nullable Made> last = new AtomicReferenceArray<>(MOST);
  private final AtomicLong made = new AtomicLong();
  private final Map<Way, LongAdder> ways = new ConcurrentHashMap<>();

  RecentDecisions() {}

  @Override
  public void accept(Decision decision) {
    count(decision);
    last.set((int) (made.getAndIncrement() % MOST), new Made(Instant.now(), decision));
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
    long end = made.get();
    List<Made> all = new ArrayList<>(MOST);
    for (long i = end - 1; i >= Math.max(0, end - MOST); i--) {
      Made one = last.get((int) (i % MOST));
      if (one != null) { // its number is taken before it is there
        all.add(one);
      }
    }
    return all;
  }

  /** How often a rule has led to a cluster. */
  public long count(String rule, String cluster) {
    LongAdder count = ways.get(new Way(rule, cluster));
    return count == null ? 0 : count.sum();
  }
}
