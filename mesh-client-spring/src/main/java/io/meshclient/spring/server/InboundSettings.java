package io.meshclient.spring.server;

import io.meshclient.identity.SpiffeId;
import io.meshclient.resilience.RateLimit;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.InvalidPropertyException;
import java.util.List;

/** Turns {@code mesh.client.inbound.*} into what the pipeline is told. */
final class InboundSettings {
  private static final String PREFIX = "mesh.client.inbound.";

  private InboundSettings() {}

  static void apply(MeshServerProperties properties, ServerPipeline.Builder builder) {
    builder
        .takeDeadlines(properties.takeDeadlines())
        .exempt(properties.exempt().toArray(String[]::new));
    InvalidPropertyException.of(
        PREFIX + "exempt-from-access",
        () -> builder.exemptFromAccess(properties.exemptFromAccess().toArray(String[]::new)));
    String sidecar = properties.sidecar();
    if (sidecar != null) {
      InvalidPropertyException.of(
          PREFIX + "sidecar", () -> builder.sidecar(SpiffeId.parse(sidecar)));
    }
    Integer port = properties.servicePort();
    if (port != null) {
      InvalidPropertyException.of(PREFIX + "service-port", () -> builder.servicePort(port));
    }
    rateLimits(properties.rateLimits(), builder);
  }

  private static void rateLimits(
      List<MeshServerProperties.Limit> limits, ServerPipeline.Builder builder) {
    for (int i = 0; i < limits.size(); i++) {
      MeshServerProperties.Limit one = limits.get(i);
      String method = one.method();
      InvalidPropertyException.below(
          PREFIX + "rate-limits[" + i + "]",
          () -> {
            RateLimit limit = RateLimit.of(one.tokens(), one.interval());
            return method == null
                ? builder.rateLimit(one.path(), limit)
                : builder.rateLimit(method, one.path(), limit);
          });
    }
  }
}
