package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys from a real HTTPS endpoint on the loopback address. */
@Timeout(60)
class JwkSetSourceTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final HeldCertificate ROOT =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private static final SSLContext TRUST =
      new HandshakeCertificates.Builder()
          .addTrustedCertificate(ROOT.certificate())
          .build()
          .sslContext();
  private static final RSAPublicKey KEY = key();

  private BundleServer server;
  private JwkSetSource source;
  private final Semaphore asked = new Semaphore(0);

  private void start(Duration every, Duration early, Duration timeout, boolean discovers) {
    URI uri = server.uri(discovers ? "/.well-known/openid-configuration" : "/jwks");
    JwkSetClient client = new JwkSetClient(uri, discovers, timeout, TRUST);
    Backoff soon = new Backoff(SHORT, SHORT, new Random(1));
    source = new JwkSetSource("test", client, new JwkSetSource.Times(every, early, soon));
    source.start();
  }

  private void answer(int status, String body) {
    server.answer(
        exchange -> {
          BundleServer.send(exchange, status, body.getBytes(UTF_8));
          asked.release();
        });
  }

  private void awaitKeys(String shown) {
    while (!source.keys().toString().equals(shown)) {
      Thread.onSpinWait();
    }
  }

  private static String jwks(int count) {
    String key =
        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
            + Base64.getUrlEncoder().encodeToString(KEY.getModulus().toByteArray())
            + "\"}";
    return "{\"keys\":[" + String.join(",", Collections.nCopies(count, key)) + "]}";
  }

  private static RSAPublicKey key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return (RSAPublicKey) generator.generateKeyPair().getPublic();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").signedBy(ROOT).build();
    server =
        new BundleServer(
            new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext());
  }

  @AfterEach
  void stop() {
    if (source != null) {
      source.close();
    }
    server.close();
  }

  @Test
  void keys_are_fetched_and_kept_fresh() throws InterruptedException {
    answer(200, jwks(1));
    start(SHORT, LONG, LONG, false);
    awaitKeys("1 keys");
    answer(200, jwks(2));
    awaitKeys("2 keys");
  }

  @Test
  void last_good_keys_stay_after_failures_and_new_ones_are_taken() throws InterruptedException {
    answer(200, jwks(1));
    start(SHORT, LONG, LONG, false);
    awaitKeys("1 keys");
    for (String bad : new String[] {"{}", "{\"keys\":[]}", "<html>", "{\"keys\":[{}]}"}) {
      answer(200, bad);
      asked.drainPermits();
      asked.acquire(3);
      assertThat(source.keys()).hasToString("1 keys");
    }
    answer(500, jwks(2));
    asked.drainPermits();
    asked.acquire(3);
    assertThat(source.keys()).hasToString("1 keys");
    answer(200, jwks(2));
    awaitKeys("2 keys");
  }

  @Test
  void unknown_key_asks_again_early_but_not_often() throws InterruptedException {
    answer(200, jwks(1));
    start(LONG, LONG, LONG, false);
    awaitKeys("1 keys");
    asked.acquire();
    for (int i = 0; i < 1_000; i++) {
      source.refreshEarly();
    }
    assertThat(asked.availablePermits()).isZero();
    source.close();
    start(LONG, Duration.ZERO, LONG, false);
    awaitKeys("1 keys");
    answer(200, jwks(2));
    while (!source.keys().toString().equals("2 keys")) {
      source.refreshEarly();
      Thread.onSpinWait();
    }
  }

  @Test
  void provider_says_where_its_keys_are() {
    server.answer(
        exchange -> {
          boolean discovery = exchange.getRequestURI().getPath().startsWith("/.well-known/");
          String document = "{\"jwks_uri\":\"" + server.uri("/keys") + "\"}";
          BundleServer.send(exchange, 200, (discovery ? document : jwks(3)).getBytes(UTF_8));
        });
    start(LONG, LONG, LONG, true);
    awaitKeys("3 keys");
  }

  @Test
  void answer_without_end_is_given_up() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    server.answerWithoutEnd(begun);
    start(LONG, LONG, Duration.ofMillis(200), false);
    begun.await();
    assertThat(source.keys()).isSameAs(JwkSet.UNKNOWN);
    answer(200, jwks(1));
    awaitKeys("1 keys");
  }

  @Test
  void answer_that_is_too_long_is_given_up() throws InterruptedException {
    answer(200, " ".repeat(1 << 20) + jwks(1));
    start(LONG, LONG, LONG, false);
    answer(200, jwks(2));
    awaitKeys("2 keys");
  }

  @Test
  void server_that_nobody_vouches_for_is_not_asked() throws InterruptedException {
    answer(200, jwks(1));
    JwkSetClient client = new JwkSetClient(server.uri("/"), false, LONG, null);
    assertThatThrownBy(client::fetch)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("certification path");
    assertThat(asked.availablePermits()).isZero();
  }

  @Test
  void close_ends_what_is_under_way() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    server.answerWithoutEnd(begun);
    start(LONG, LONG, LONG, false);
    begun.await();
    source.close();
    source.awaitEnd();
  }
}
