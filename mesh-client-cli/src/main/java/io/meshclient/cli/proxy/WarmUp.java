package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.HostPort;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a few requests through a proxy and a policy of its own, to a server of its own, before the
 * first client comes. The first request takes some hundred milliseconds for the code that it has
 * loaded; without this a short timeout of the policy would end it.
 */
final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final HostPort ANYWHERE = new HostPort("127.0.0.1", 0);
  private static final int MOST_MILLIS = 5_000;

  /** What destinations commonly have: retries, timeouts, subsets, ejection, limits. */
  private static final String POLICY =
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: warm-up, namespace: default}
      spec:
        hosts: [warm-up.internal]
        resolution: STATIC
        ports:
        - {number: 80, name: http, protocol: HTTP}
        endpoints:
        - {address: %1$s, ports: {http: %2$d}, labels: {version: v1}}
        - {address: %1$s, ports: {http: %2$d}, labels: {version: v2}}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: warm-up, namespace: default}
      spec:
        host: warm-up.internal
        trafficPolicy:
          outlierDetection: {consecutive5xxErrors: 5, maxEjectionPercent: 100}
          connectionPool:
            http: {http1MaxPendingRequests: 100}
        subsets:
        - name: v1
          labels: {version: v1}
        - name: v2
          labels: {version: v2}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: warm-up, namespace: default}
      spec:
        hosts: [warm-up.internal]
        http:
        - match:
          - uri: {exact: /here}
          directResponse: {status: 503}
        - match:
          - headers: {x-version: {regex: 'v[12]'}}
          route:
          - destination: {host: warm-up.internal, subset: v1}
            weight: 50
          - destination: {host: warm-up.internal, subset: v2}
            weight: 50
          timeout: 5s
          retries: {attempts: 2, perTryTimeout: 5s, retryOn: 5xx}
          headers: {request: {set: {x-a: b}}, response: {add: {x-c: d}}}
        - route:
          - destination: {host: warm-up.internal}
          rewrite: {uri: /}
      """;

  private static final List<String> REQUESTS =
      List.of(
          request("GET", "/", "x-version: v1"),
          request("GET", "/", "x-version: v2"),
          request("POST", "/", "Content-Length: 4") + "body",
          request("GET", "/failing", "x-version: v1"),
          request("GET", "/here", "x-a: b"));

  private WarmUp() {}

  /** Takes about as long as the first request would have taken; never fails. */
  static void run() {
    if (log.isDebugEnabled()) {
      return; // its decisions would be logged among those that are asked for
    }
    try {
      answers();
    } catch (IOException | RuntimeException e) {
      log.debug("The first request will be slow", e);
    }
  }

  /** The answer to each request, as it was on the wire. */
  static List<String> answers() throws IOException {
    List<String> answers = new ArrayList<>();
    try (ProxyServer destination = ProxyServer.start(ANYWHERE, new Destination());
        OutboundProxy proxy = OutboundProxy.start(mesh(destination.address()), ANYWHERE)) {
      for (String request : REQUESTS) {
        answers.add(answer(proxy.address(), request));
      }
    }
    return answers;
  }

  /** A client of that destination. */
  static MeshClient mesh(HostPort destination) {
    String policy = POLICY.formatted(destination.host(), destination.port());
    return MeshClient.builder()
        .environment(Map.of())
        .config(ConfigSource.yaml("warm-up.yaml", policy))
        .build();
  }

  private static String answer(HostPort proxy, String request) throws IOException {
    try (Socket socket = new Socket(proxy.host(), proxy.port())) {
      socket.setSoTimeout(MOST_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String request(String method, String path, String header) {
    return method
        + " http://warm-up.internal"
        + path
        + " HTTP/1.1\r\nHost: warm-up.internal\r\nConnection: close\r\n"
        + header
        + "\r\n\r\n";
  }

  /** Answers with a body, 503 where the path says so. */
  private static final class Destination extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String path = Request.getPathInContext(request);
      response.setStatus(path.equals("/failing") ? 503 : 200);
      response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
      return true;
    }
  }
}
