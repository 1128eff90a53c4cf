package io.meshclient.server;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestTelemetry;
import io.meshclient.telemetry.TelemetryPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An access log of nothing but what a test asks for. */
final class LoggedRequests {
  private final Path file;
  private final RequestTelemetry telemetry;

  LoggedRequests(Path file, String format) {
    this.file = file;
    TelemetryPolicy policy =
        TelemetryPolicy.compile(
            Configuration.read(
                ConfigSource.yaml(
                        "mesh",
                        "accessLogFile: %s\naccessLogFormat: '%s'\n".formatted(file, format))
                    .asMeshConfig()),
            "production",
            Map.of(),
            "cluster.local");
    telemetry =
        RequestTelemetry.create(
            OpenTelemetry.noop(), ContextPropagators.noop(), Peer.NOBODY, () -> policy);
  }

  RequestTelemetry telemetry() {
    return telemetry;
  }

  /** The lines of requests that have ended; there are no more after them. */
  List<String> lines() throws IOException {
    telemetry.close();
    return Files.readAllLines(file);
  }
}
