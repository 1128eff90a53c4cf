package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.TestServer.Answer;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that stick to their endpoint. */
@Timeout(60)
class HashKeyTest {
  private static final String URL = "http://orders:8080/shop";

  private final List<TestServer> servers = new ArrayList<>();

  HashKeyTest() {
    for (int i = 0; i < 4; i++) {
      String name = "s" + i;
      servers.add(new TestServer(seen -> new Answer(200, name, "set-cookie", "own=1")));
    }
  }

  @AfterEach
  void close() {
    servers.forEach(TestServer::close);
  }

  @Test
  void cookie_isMadeUpOnce_andTheApplicationSeesIt() throws IOException {
    try (MeshClient mesh = mesh("httpCookie: {name: session, ttl: 60s, path: /shop}")) {
      try (Response response = mesh.okHttpClient().newCall(request("")).execute()) {
        List<String> cookies = response.headers("Set-Cookie");
        assertThat(cookies).hasSize(2).element(0).isEqualTo("own=1");
        assertThat(cookies.get(1))
            .startsWith("session=")
            .endsWith("; Max-Age=60; Path=/shop; HttpOnly");
        String sent = cookies.get(1).substring(0, cookies.get(1).indexOf(';'));
        Set<String> names = new HashSet<>(List.of(response.body().string()));
        for (int i = 0; i < 10; i++) {
          try (Response again = mesh.okHttpClient().newCall(request(sent)).execute()) {
            assertThat(again.headers("Set-Cookie")).containsExactly("own=1");
            names.add(again.body().string());
          }
        }
        assertThat(names).hasSize(1);
      }
    }
  }

  @Test
  void cookie_isKeptInTheApplicationsJar() throws IOException {
    Jar jar = new Jar();
    try (MeshClient mesh = mesh("httpCookie: {name: session, ttl: 0s}")) {
      OkHttpClient http = mesh.instrument(new OkHttpClient.Builder().cookieJar(jar)).build();
      Set<String> names = new HashSet<>();
      for (int i = 0; i < 10; i++) {
        try (Response response = http.newCall(request("")).execute()) {
          names.add(response.body().string());
        }
      }
      assertThat(names).hasSize(1);
      assertThat(jar.cookies.stream().filter(c -> c.name().equals("session"))).hasSize(1);
      http.connectionPool().evictAll();
      http.dispatcher().executorService().shutdown();
    }
  }

  @Test
  void cookie_withoutLifetime_isNotMadeUp() throws IOException {
    try (MeshClient mesh = mesh("httpCookie: {name: session}")) {
      assertThat(names(mesh, 60)).hasSize(4);
      try (Response response = mesh.okHttpClient().newCall(request("")).execute()) {
        assertThat(response.headers("Set-Cookie")).containsExactly("own=1");
      }
    }
  }

  @Test
  void sourceAddress_isTheSameForAllCalls() throws IOException {
    try (MeshClient mesh = mesh("useSourceIp: true")) {
      assertThat(names(mesh, 10)).hasSize(1);
    }
  }

  private static Set<String> names(MeshClient mesh, int calls) throws IOException {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < calls; i++) {
      try (Response response = mesh.okHttpClient().newCall(request("")).execute()) {
        names.add(response.body().string());
      }
    }
    return names;
  }

  private static Request request(String cookie) {
    Request.Builder request = new Request.Builder().url(URL);
    return cookie.isEmpty() ? request.build() : request.header("Cookie", cookie).build();
  }

  private MeshClient mesh(String hash) {
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .config(
                ConfigSource.yaml(
                    "rule.yaml",
                    """
                    apiVersion: networking.istio.io/v1
                    kind: DestinationRule
                    metadata: {name: orders}
                    spec:
                      host: orders
                      trafficPolicy: {loadBalancer: {consistentHash: {HASH}}}
                    """
                        .replace("HASH", hash)));
    servers.forEach(server -> builder.endpoint("orders", server.hostPort()));
    return builder.build();
  }

  private static final class Jar implements CookieJar {
    final List<Cookie> cookies = new ArrayList<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> saved) {
      for (Cookie cookie : saved) {
        cookies.removeIf(known -> known.name().equals(cookie.name()));
        cookies.add(cookie);
      }
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      return cookies.stream().filter(cookie -> cookie.matches(url)).toList();
    }
  }
}
