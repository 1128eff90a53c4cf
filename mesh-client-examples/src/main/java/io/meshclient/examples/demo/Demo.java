package io.meshclient.examples.demo;

import io.meshclient.examples.pods.Requirements;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Starts the services, sends traffic, prints the table. */
public final class Demo {
  /** The exit status where the machine lacks something. */
  private static final int LACKING = 3;

  private final Options options;
  private final PrintStream out;

  private Demo(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(System.out, args));
  }

  /**
   * @return the exit status: 0 if every expectation held
   * @throws IllegalArgumentException if the arguments cannot be understood
   */
  static int run(PrintStream out, String... args) throws InterruptedException {
    return new Demo(Options.parse(args), out).run();
  }

  private int run() throws InterruptedException {
    List<String> missing = options.istio() ? Requirements.missing() : List.of();
    if (!missing.isEmpty()) {
      out.println("Pods with sidecars cannot be made here. What is missing:");
      missing.forEach(each -> out.println("  - " + each));
      return LACKING;
    }
    try (Fleet fleet = Fleet.of(options)) {
      Thread hook = new Thread(fleet::close, "stop the services");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        return run(fleet);
      } catch (DemoException | IOException e) {
        if (fleet.isClosed()) {
          out.println("Stopped.");
          return 1;
        }
        fleet.printLogs(out);
        out.println("The demo failed: " + e.getMessage());
        return 1;
      } finally {
        removeHook(hook);
      }
    }
  }

  private int run(Fleet fleet) throws IOException, InterruptedException {
    out.println(
        "Starting %d services %s; rules from %s"
            .formatted(Fleet.INSTANCES.size(), fleet.world().description(), options.config()));
    Jar.own().ifPresent(jar -> out.println(jar.name() + ", sha256 " + jar.sha256()));
    fleet.start();
    Front front = new Front(fleet.front());
    out.println();
    int failed = table(checks(front, fleet));
    out.println();
    if (failed > 0) {
      fleet.printLogs(out);
      out.println(failed + (failed == 1 ? " expectation" : " expectations") + " did not hold.");
    } else {
      out.println("Every expectation held.");
    }
    if (options.keep()) {
      new Keep(fleet, out).untilEnded();
    }
    return failed == 0 ? 0 : 1;
  }

  private List<Check> checks(Front front, Fleet fleet) {
    List<Check> checks = new ArrayList<>();
    checks.addAll(new RoutingChecks(front, options.requests()).all());
    checks.addAll(new HeaderChecks(front).all());
    checks.addAll(new FaultChecks(front, fleet).all());
    checks.add(new BreakerCheck(front, fleet).check());
    checks.addAll(new AuthorizationChecks(front, fleet).all());
    checks.addAll(fleet.world().identityChecks(fleet));
    checks.add(new TraceCheck(front, fleet.world()).check());
    return checks;
  }

  private int table(List<Check> checks) throws IOException, InterruptedException {
    boolean colours = options.terminal() && System.getenv("NO_COLOR") == null;
    Table table = new Table(out, options.terminal(), colours);
    table.head();
    int failed = 0;
    for (Check check : checks) {
      table.begin(check);
      Check.Result result = check.step().run(table.progress(check));
      table.end(check, result);
      failed += result.ok() ? 0 : 1;
    }
    return failed;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs already: this is the way out of the process.
    }
  }
}
