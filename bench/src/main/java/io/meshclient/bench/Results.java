package io.meshclient.bench;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What all iterations of all rounds measured. */
final class Results {
  /** What JMH's GC profiler calls the bytes of one operation. */
  private static final String BYTES = "gc.alloc.rate.norm";

  private record Key(String benchmark, int threads) {}

  private final Map<Key, List<Double>> nanos = new HashMap<>();
  private final Map<Key, List<Double>> bytes = new HashMap<>();

  void add(String benchmark, int threads, RunResult run) {
    Key key = new Key(benchmark, threads);
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        put(nanos, key, iteration.getSecondaryResults().get(CpuTime.LABEL));
        put(bytes, key, iteration.getSecondaryResults().get(BYTES));
      }
    }
  }

  /** An iteration in which nothing got done has no bytes. */
  private static void put(Map<Key, List<Double>> map, Key key, @Nullable Result<?> result) {
    if (result == null) {
      return;
    }
    map.computeIfAbsent(key, absent -> new ArrayList<>()).add(result.getScore());
  }

  /** The median of the nanoseconds that one operation had a core for. */
  double nanos(String benchmark, int threads) {
    return median(nanos, benchmark, threads);
  }

  /** The median of the bytes that one operation allocates. */
  double bytes(String benchmark, int threads) {
    return median(bytes, benchmark, threads);
  }

  private static double median(Map<Key, List<Double>> map, String benchmark, int threads) {
    List<Double> values = requireNonNull(map.get(new Key(benchmark, threads)), benchmark);
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
