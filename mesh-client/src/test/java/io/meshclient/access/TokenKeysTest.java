package io.meshclient.access;

import static io.meshclient.access.TestTokens.document;
import static io.meshclient.access.TestTokens.outcome;
import static io.meshclient.access.TestTokens.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TokenKeysTest {
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String KEYS = TestIssuer.jwks(ISSUER.rsaJwk(",\"kid\":\"k\""));

  private final TokenKeys keys = new TokenKeys();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch answering = new CountDownLatch(1);
  private HttpServer server;
  private String base;

  @BeforeEach
  void start() throws IOException {
    keys.start();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.incrementAndGet();
            answering.await();
            byte[] body =
                answers.getOrDefault(exchange.getRequestURI().toString(), "").getBytes(UTF_8);
            exchange.sendResponseHeaders(
                body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    answering.countDown();
    keys.close();
    server.stop(0);
  }

  private TokenCheck compile(String issuer, String... fields) {
    RequestAuthentications.Compiled compiled =
        TestTokens.compile(document("jwt", "production", rule(issuer, "", fields)), keys);
    assertThat(compiled.problems()).isEmpty();
    return compiled.check();
  }

  private static InboundRequest request(String issuer) {
    return TestRequest.get("/").bearer(ISSUER.token("{\"iss\":\"" + issuer + "\",\"sub\":\"s\"}"));
  }

  /** Until the thread that fetches is done with it. */
  private static void awaitPassed(TokenCheck check, InboundRequest request) {
    while (!outcome(check, request).startsWith("passed")) {
      Thread.onSpinWait();
    }
  }

  private List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("mesh-token-keys-" + base))
        .toList();
  }

  @Test
  void token_is_refused_until_its_keys_are_there() {
    answers.put("/jwks", KEYS);
    TokenCheck check = compile("a", "jwksUri: " + base + "/jwks");
    assertThat(outcome(check, request("a"))).isEqualTo("Jwt verification fails");
    assertThat(outcome(check, TestRequest.get("/"))).isEqualTo("passed");
    answering.countDown();
    awaitPassed(check, request("a"));
  }

  @Test
  void issuer_without_keys_is_asked_where_they_are() {
    answering.countDown();
    answers.put("/.well-known/openid-configuration", "{\"jwks_uri\":\"" + base + "/jwks\"}");
    answers.put("/jwks", KEYS);
    awaitPassed(compile(base + "/"), request(base + "/"));
  }

  @Test
  void keys_outlive_a_policy_that_is_compiled_anew() {
    answering.countDown();
    answers.put("/jwks", KEYS);
    awaitPassed(compile("a", "jwksUri: " + base + "/jwks"), request("a"));
    int before = asked.get();
    TokenCheck anew = compile("a", "jwksUri: " + base + "/jwks", "audiences: []");
    assertThat(outcome(anew, request("a"))).isEqualTo("passed a/s");
    assertThat(asked).hasValue(before);
  }

  @Test
  void thread_ends_when_no_policy_names_the_keys() throws InterruptedException {
    TokenCheck inline =
        TestTokens.compile(document("jwt", "production", rule("a", KEYS)), keys).check();
    assertThat(outcome(inline, request("a"))).isEqualTo("passed a/s");
    assertThat(threads()).isEmpty();
    answering.countDown();
    answers.put("/jwks", KEYS);
    TokenCheck fetched = compile("a", "jwksUri: " + base + "/jwks");
    awaitPassed(fetched, request("a"));
    List<Thread> fetching = threads();
    assertThat(fetching).hasSize(1);
    TestTokens.compile(document("jwt", "production", rule("a", KEYS)), keys);
    fetching.get(0).join();
    // Requests in flight go on by the policy that they began with.
    assertThat(outcome(fetched, request("a"))).isEqualTo("passed a/s");
  }

  @Test
  void nothing_is_fetched_before_the_start() {
    answering.countDown();
    answers.put("/jwks", KEYS);
    try (TokenKeys later = new TokenKeys()) {
      String yaml = document("jwt", "production", rule("a", "", "jwksUri: " + base + "/jwks"));
      TokenCheck check = TestTokens.compile(yaml, later).check();
      assertThat(threads()).isEmpty();
      later.start();
      later.start();
      awaitPassed(check, request("a"));
    }
  }

  @Test
  void nothing_is_fetched_after_the_end() {
    answering.countDown();
    keys.close();
    TokenCheck check = compile("a", "jwksUri: " + base + "/jwks");
    assertThat(outcome(check, request("a"))).isEqualTo("Jwt verification fails");
    assertThat(asked).hasValue(0);
  }
}
