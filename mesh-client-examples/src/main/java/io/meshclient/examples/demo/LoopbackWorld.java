package io.meshclient.examples.demo;

import io.meshclient.cli.identity.WorkloadApiServer;
import io.meshclient.examples.spans.OtlpReceiver;
import io.meshclient.examples.spans.SpanSource;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No mesh: free ports of the loopback address, and the SPIFFE Workload API of an authority that is
 * made for this run, and gone after it.
 */
final class LoopbackWorld implements World {
  /** Who has an identity, of another namespace. */
  static final SpiffeId STRANGER = SpiffeId.parse("spiffe://cluster.local/ns/staging/sa/stranger");

  private static final String TRUST_DOMAIN = "cluster.local";
  private static final String SOCKET = "agent.sock";

  private final Path directory;
  private @Nullable WorkloadApiServer authority;
  private @Nullable OtlpReceiver receiver;

  LoopbackWorld(Path directory) {
    this.directory = directory;
  }

  @Override
  public String description() {
    return "on 127.0.0.1, by mutual TLS among themselves";
  }

  @Override
  public synchronized Map<String, String> begin() throws IOException {
    LocalAuthority made = LocalAuthority.of(TrustDomain.parse(TRUST_DOMAIN)).build();
    authority =
        WorkloadApiServer.start(
            directory.resolve(SOCKET),
            made,
            List.of(id("web"), id("order-service"), id("payment-service"), STRANGER));
    receiver = OtlpReceiver.start("127.0.0.1", 0);
    Map<String, String> variables = new HashMap<>(Fleet.spansTo(receiver.endpoint()));
    variables.put("SPIFFE_ENDPOINT_SOCKET", identities());
    return variables;
  }

  /** Where identities are handed out, as {@code SPIFFE_ENDPOINT_SOCKET} has it. */
  String identities() {
    return "unix://" + directory.resolve(SOCKET);
  }

  static SpiffeId id(String service) {
    return SpiffeId.parse("spiffe://" + TRUST_DOMAIN + "/ns/production/sa/" + service);
  }

  @Override
  public Place place(String pod, boolean isFront) {
    return new Loopback(isFront);
  }

  @Override
  public List<String> endpoints(String service, List<ServiceProcess> instances)
      throws InterruptedException {
    List<String> endpoints = new ArrayList<>();
    for (ServiceProcess instance : instances) {
      endpoints.add(service + "=127.0.0.1:" + instance.port());
    }
    return endpoints;
  }

  @Override
  public String front(ServiceProcess web) throws IOException, InterruptedException {
    return web.url();
  }

  @Override
  public List<Check> identityChecks(Fleet fleet) {
    return new IdentityChecks(fleet, identities()).all();
  }

  @Override
  public synchronized SpanSource spans() {
    return Objects.requireNonNull(receiver, "spans");
  }

  @Override
  public boolean hasSidecars() {
    return false;
  }

  @Override
  public synchronized void close() {
    if (receiver != null) {
      receiver.close();
    }
    if (authority != null) {
      authority.close();
    }
  }

  private record Loopback(boolean isFront) implements Place {
    @Override
    public List<String> command(List<String> command) {
      return command;
    }

    @Override
    public Map<String, String> variables() {
      return Map.of(
          "SERVICE_ADDRESS", "127.0.0.1",
          "SERVICE_PORT", "0",
          "SERVICE_FRONT", Boolean.toString(isFront));
    }

    @Override
    public String url(int port) {
      return "http://127.0.0.1:" + port;
    }
  }
}
