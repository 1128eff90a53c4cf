package io.meshclient.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;

/** Leaves the services up, and says what to try with them. */
final class Keep {
  private final Fleet fleet;
  private final PrintStream out;

  Keep(Fleet fleet, PrintStream out) {
    this.fleet = fleet;
    this.out = out;
  }

  /** Waits for Ctrl-C, which does not come back here, or for the end of a service. */
  void untilEnded() throws IOException, InterruptedException {
    out.println();
    for (ServiceProcess pod : fleet.pods()) {
      out.printf("  %-20s %s%n", pod.pod(), pod.url());
    }
    String web = fleet.front();
    String payment = fleet.pod(Fleet.PAYMENT).faultFile().toString();
    out.println();
    out.println("Try, in another terminal:");
    out.println("  curl -s " + web + "/checkout");
    out.println("  curl -s -H 'x-canary: true' " + web + "/checkout");
    out.println("  curl -s -H 'x-user-id: 42' " + web + "/checkout");
    out.println("  curl -s -H 'x-canary: true' " + web + "/pay");
    out.println("and with one failing payment pod:");
    out.println("  echo 503 > '" + payment + "'");
    out.println("  curl -s " + web + "/checkout");
    out.println("  rm '" + payment + "'");
    out.println();
    out.println("The services are up; Ctrl-C ends them.");
    out.flush();
    try {
      ServiceProcess ended = (ServiceProcess) fleet.anyEnded().get();
      if (!fleet.isClosed()) {
        throw new DemoException(ended.pod() + " has ended");
      }
    } catch (ExecutionException e) {
      throw new DemoException("cannot wait for the services", e);
    }
  }
}
