package io.meshclient.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Runs one of the benches and prints its table. {@code bench/run} starts it. */
public final class Main {
  private Main() {}

  /**
   * Runs a bench.
   *
   * @param arguments the bench's name, {@code access}, {@code breaker}, {@code decision} or {@code
   *     telemetry}; how many seconds it may take; a directory for what the measured JVMs write
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(
          "arguments: " + List.of(arguments) + " (expected: bench, seconds and a directory)");
    }
    String bench = arguments[0];
    List<Row> rows =
        switch (bench) {
          case "access" -> Tables.ACCESS;
          case "breaker" -> Tables.BREAKER;
          case "decision" -> Tables.DECISION;
          case "telemetry" -> Tables.TELEMETRY;
          default ->
              throw new IllegalArgumentException(
                  "bench: " + bench + " (expected: access, breaker, decision or telemetry)");
        };
    Duration time = Duration.ofSeconds(Integer.parseInt(arguments[1]));
    Path directory = Path.of(arguments[2]);
    PrintStream out = System.out;
    // What the measured JVMs print, Sentinel first of all, is passed on to here.
    System.setOut(new PrintStream(directory.resolve("printed.log").toFile(), UTF_8));
    Results results;
    try {
      results = new Rounds(rows, directory).run(time);
    } catch (RunnerException e) {
      System.err.println(Files.readString(directory.resolve(Rounds.LAST)));
      System.err.println("The measurement failed: " + e.getMessage());
      System.exit(1);
      return;
    }
    Table table = new Table(rows, results);
    out.println(machine());
    table.lines().forEach(out::println);
    if (rows == Tables.BREAKER) {
      out.println();
      out.println(table.summary());
    }
  }

  private static String machine() {
    return "%d cores, %s, Java %s, serial collector; medians of CPU time; ratios to the first line"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.arch"),
            Runtime.version());
  }
}
