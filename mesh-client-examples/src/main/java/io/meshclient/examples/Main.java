package io.meshclient.examples;

import io.meshclient.examples.demo.Demo;
import java.io.IOException;
import java.util.Arrays;

/** The door of {@code examples.jar}. */
public final class Main {
  private static final String USAGE =
      """
      usage: java -jar examples.jar web|order-service|payment-service
             java -jar examples.jar trace-relay
             java -jar examples.jar demo [--istio] [--spring JAR] [--keep] [--requests N] [--config DIR]

      The services are configured by environment variables:
        SERVICE_PORT     8080 by default, 0 for a free one
        SERVICE_ADDRESS  all addresses by default
        SERVICE_NAME     the name above by default
        SERVICE_VERSION  v1 by default
        METRICS_PORT     where /metrics is answered in plain text, too; none by default
        POD_NAME         NAME-VERSION by default
        SERVICE_FAULTS   a file that makes the service answer slowly or not well; off by default
        SERVICE_BREAKER_OPEN    seconds for which payment-service's breaker stays open; 60
        SPIFFE_ENDPOINT_SOCKET  who tells its identity; none by default
        SERVICE_FRONT           true: takes plain requests of anybody, even with an identity
      and MESH_CLIENT_CONFIG, MESH_CLIENT_ENDPOINTS, ... for the library. See docs/demo.md.
      """;

  private Main() {}

  public static void main(String[] args) throws Exception {
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    try {
      switch (args.length == 0 ? "" : args[0]) {
        case "web" -> Web.main(rest);
        case "order-service" -> OrderService.main(rest);
        case "payment-service" -> PaymentService.main(rest);
        case "trace-relay" -> TraceRelay.main(rest);
        case "demo" -> Demo.main(rest);
        default -> exit(2, USAGE);
      }
    } catch (IllegalArgumentException e) {
      exit(2, e.getMessage() + "\n");
    } catch (IOException e) {
      exit(1, e.getMessage() + "\n");
    }
  }

  private static void exit(int status, String message) {
    System.err.print(message);
    System.exit(status);
  }
}
