package io.meshclient.bench;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures all lines in turn, each in a short-lived JVM of its own, and does so again while there
 * is time. Lines that are compared are so measured next to one another, again and again: a minute
 * in which the machine had other things to do falls on all of them.
 */
final class Rounds {
  static final List<Integer> THREADS = List.of(1, 2);

  /** What JMH says of the benchmark that it ran last. */
  static final String LAST = "last.log";

  private static final TimeValue WARM_UP = TimeValue.milliseconds(150);
  private static final int ITERATIONS = 6;
  private static final TimeValue ITERATION = TimeValue.milliseconds(60);

  private final List<Row> rows;
  private final Path directory;

  /**
   * @param directory for what the JVMs that measure write
   */
  Rounds(List<Row> rows, Path directory) {
    this.rows = rows;
    this.directory = directory;
  }

  /** Makes one round, and as many more as surely fit into the time. */
  Results run(Duration time) throws RunnerException {
    Results results = new Results();
    long start = System.nanoTime();
    long longest = 0;
    int round = 0;
    while (System.nanoTime() - start + longest < time.toNanos()) {
      long began = System.nanoTime();
      measure(results);
      long took = System.nanoTime() - began;
      longest = Math.max(longest, took);
      System.err.printf("round %d took %d s%n", ++round, Duration.ofNanos(took).toSeconds());
    }
    return results;
  }

  private void measure(Results results) throws RunnerException {
    for (Row row : rows) {
      for (int threads : THREADS) {
        results.add(row.benchmark(), threads, new Runner(options(row, threads)).runSingle());
      }
    }
  }

  private Options options(Row row, int threads) {
    return new OptionsBuilder()
        .include(row.pattern())
        .mode(Mode.AverageTime)
        .timeUnit(NANOSECONDS)
        .threads(threads)
        .forks(1)
        .warmupIterations(row.warmUps())
        .warmupTime(WARM_UP)
        .measurementIterations(ITERATIONS)
        .measurementTime(ITERATION)
        .timeout(TimeValue.seconds(30))
        .addProfiler(GCProfiler.class)
        .addProfiler(CpuTime.class)
        .jvmArgsAppend(
            // Little that runs beside what is measured, and cheap barriers for those who allocate.
            "-XX:+UseSerialGC",
            // Compiled when due, also where the compiler's thread would have to wait for a core.
            "-Xbatch",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-Xms256m",
            "-Xmx256m",
            // Sentinel writes logs below the user's home, some of them whatever it is told.
            "-Duser.home=" + directory,
            "-Dcsp.sentinel.log.dir=" + directory)
        .shouldFailOnError(true)
        .output(directory.resolve(LAST).toString())
        .build();
  }
}
