package io.meshclient.acceptance.conformance;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends requests in the process, by an OkHttp client that {@link MeshClient} instruments. */
final class MeshClientDriver implements Driver {

  /** The locality of node-a, on which the corpus' client is. */
  private static final String WHERE_THE_CALLER_RUNS = "r1/z1";

  private final MeshClient mesh;
  private final OkHttpClient http;

  private MeshClientDriver(MeshClient mesh, OkHttpClient http) {
    this.mesh = mesh;
    this.http = http;
  }

  static Driver.Factory on(Backends backends) {
    return conformanceCase -> open(conformanceCase, backends);
  }

  private static Driver open(ConformanceCase conformanceCase, Backends backends) {
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .namespace(conformanceCase.namespace())
            .labels(conformanceCase.labels())
            .locality(WHERE_THE_CALLER_RUNS)
            .config(
                ConfigSource.yaml("cluster.yaml", conformanceCase.cluster()),
                ConfigSource.yaml(conformanceCase.name() + ".case.yaml", conformanceCase.config()));
    if (!conformanceCase.mesh().isEmpty()) {
      builder.meshConfig(conformanceCase.mesh());
    }
    MeshClient mesh = builder.build();
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .proxy(Proxy.NO_PROXY)
            .dns(MeshClientDriver::refuseLookup)
            .socketFactory(backends.socketFactory());
    return new MeshClientDriver(mesh, mesh.instrument(http).build());
  }

  @Override
  public Answer send(Outgoing outgoing) {
    Call call = http.newCall(request(outgoing));
    call.timeout().timeout(outgoing.timeout().toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
      return read(response);
    } catch (IOException | RuntimeException e) {
      return Answer.failed(e);
    }
  }

  @Override
  public List<String> problems() {
    return mesh.problems().stream().map(Object::toString).toList();
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
    mesh.close();
  }

  private static Answer read(Response response) {
    List<Header> headers = new ArrayList<>();
    response.headers().forEach(h -> headers.add(new Header(h.getFirst(), h.getSecond())));
    try {
      return Answer.of(response.code(), headers, response.body().string());
    } catch (IOException e) {
      return Answer.brokenOff(e);
    }
  }

  private static Request request(Outgoing outgoing) {
    Request.Builder request = new Request.Builder().url(outgoing.url());
    outgoing.headers().forEach(header -> request.addHeader(header.name(), header.value()));
    return request.method(outgoing.method(), body(outgoing)).build();
  }

  private static RequestBody body(Outgoing outgoing) {
    if (outgoing.body() != null) {
      return RequestBody.create(outgoing.body());
    }
    // OkHttp wants a body for these.
    boolean wanted = List.of("POST", "PUT", "PATCH").contains(outgoing.method());
    return wanted ? RequestBody.create(new byte[0]) : null;
  }

  /** A test never leaves the loopback interface; addresses are not looked up. */
  private static List<InetAddress> refuseLookup(String host) throws UnknownHostException {
    throw new UnknownHostException(host + " (expected: an address of the configuration)");
  }
}
