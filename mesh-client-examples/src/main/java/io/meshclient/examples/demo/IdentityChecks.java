package io.meshclient.examples.demo;

import io.meshclient.MeshClient;
import io.meshclient.examples.demo.Check.Result;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SpiffeIdPattern;
import io.meshclient.identity.WorkloadApiSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Who may call whom: what a caller with another identity gets, and what one that is misled does.
 */
final class IdentityChecks {
  static final String STRANGER = "1 to order-service, by a stranger";
  static final String STRANGER_EXPECTED = "403, by the rule for everybody";
  static final String ASTRAY = "1 to payment-service, led astray";
  static final String ASTRAY_EXPECTED = "not sent";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Fleet fleet;
  private final String identities;

  /**
   * @param identities where identities are handed out, as {@code SPIFFE_ENDPOINT_SOCKET} has it
   */
  IdentityChecks(Fleet fleet, String identities) {
    this.fleet = fleet;
    this.identities = identities;
  }

  List<Check> all() {
    return List.of(
        new Check(STRANGER, STRANGER_EXPECTED, progress -> stranger()),
        new Check(ASTRAY, ASTRAY_EXPECTED, progress -> astray()));
  }

  private Result stranger() throws IOException, InterruptedException {
    String seen;
    try (WorkloadApiSource identity = identity(LoopbackWorld.STRANGER);
        MeshClient mesh = client(identity, "order-service")) {
      seen = get(mesh, "http://order-service:8080/api/orders");
    }
    String who = LoopbackWorld.STRANGER.toString();
    List<String> log =
        fleet.denials(Fleet.ORDER_V1).stream().filter(line -> line.contains(who)).toList();
    boolean named = !log.isEmpty() && log.get(0).contains("deny-all-default");
    return new Result(
        seen.equals("403") && named, seen, named ? List.of(log.get(0).split("; ")) : log);
  }

  /** The endpoint that is called payment-service is order-service. */
  private Result astray() throws IOException, InterruptedException {
    String seen;
    try (WorkloadApiSource identity = identity(LoopbackWorld.id("web"));
        MeshClient mesh = client(identity, "payment-service")) {
      seen = get(mesh, "http://payment-service:8080/process");
    }
    boolean named =
        seen.contains(LoopbackWorld.id("payment-service").toString())
            && seen.contains(LoopbackWorld.id("order-service").toString());
    return new Result(named, named ? "not sent" : seen, List.of(seen));
  }

  private WorkloadApiSource identity(SpiffeId id) throws IOException, InterruptedException {
    WorkloadApiSource source = WorkloadApiSource.at(identities).id(id).start();
    source.await(PATIENCE);
    return source;
  }

  /** A client that takes one of order-service's pods for a service. */
  private MeshClient client(WorkloadApiSource identity, String service)
      throws InterruptedException {
    return MeshClient.builder()
        .environment(Map.of())
        .namespace("production")
        .endpoint(service, "127.0.0.1:" + fleet.pod(Fleet.ORDER_V1).port())
        .identity(identity)
        .mutualTls(service)
        .peer(service, ExpectedPeer.of(SpiffeIdPattern.parse(LoopbackWorld.id(service).toString())))
        .build();
  }

  private static String get(MeshClient mesh, String url) {
    Request request = new Request.Builder().url(url).build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      return Integer.toString(response.code());
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
