package io.meshclient.istio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code security.istio.io PeerAuthentication}: whether a workload asks for mutual TLS. */
public record PeerAuthentication(ObjectMeta metadata, Spec spec, Location location)
    implements Resource {

  /**
   * To whom it applies, and what it says.
   *
   * @param portLevelMtls by the workload's port number
   */
  public record Spec(
      @Nullable Selector selector,
      @Nullable MutualTls mtls,
      Map<String, MutualTls> portLevelMtls) {}

  /**
   * What is asked for.
   *
   * @param mode absent means {@link Mode#UNSET}
   */
  public record MutualTls(@Nullable Mode mode) {}

  public enum Mode {
    /** What the namespace or the mesh says. */
    UNSET,
    DISABLE,
    PERMISSIVE,
    STRICT
  }
}
