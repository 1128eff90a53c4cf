package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Asks for a JWK Set, by HTTP or HTTPS. Used by one thread, and broken off by any. */
final class JwkSetClient {
  private static final int MAX_BYTES = 1 << 20;
  private static final int OK = 200;
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final URI uri;
  private final boolean discovers;
  private final Duration timeout;
  private final @Nullable SSLContext trust;
  private volatile @Nullable HttpClient http;
  private volatile @Nullable CompletableFuture<?> current;
  private volatile boolean closed;

  /**
   * @param discovers whether {@code uri} has a document that names the set
   * @param trust whom to believe that they are a host of HTTPS; {@code null} for the platform's
   */
  JwkSetClient(URI uri, boolean discovers, Duration timeout, @Nullable SSLContext trust) {
    this.uri = uri;
    this.discovers = discovers;
    this.timeout = timeout;
    this.trust = trust;
  }

  static JwkSetClient of(URI jwksUri, Duration timeout) {
    return new JwkSetClient(jwksUri, false, timeout, null);
  }

  static JwkSetClient discovering(URI issuer, Duration timeout) {
    String text = issuer.toString();
    String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    return new JwkSetClient(URI.create(base + DISCOVERY), true, timeout, null);
  }

  String fetch() throws IdentityException, InterruptedException {
    return discovers ? get(named(get(uri))) : get(uri);
  }

  private static URI named(String document) throws IdentityException {
    try {
      if (Json.parse(document) instanceof Map<?, ?> members
          && members.get("jwks_uri") instanceof String text) {
        return URI.create(text);
      }
    } catch (Json.Malformed | IllegalArgumentException e) {
      throw new IdentityException("openid-configuration: " + Quoted.messageOf(e), e);
    }
    throw new IdentityException("openid-configuration: no string \"jwks_uri\" (expected: one)");
  }

  private String get(URI target) throws IdentityException, InterruptedException {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(target).header("accept", "application/json").GET().build();
    } catch (IllegalArgumentException e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http().sendAsync(request, head -> new BoundedBody(MAX_BYTES));
    current = answer;
    try {
      if (closed) {
        throw new IdentityException("closed");
      }
      return text(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw new IdentityException("no answer within " + timeout.toMillis() + " ms", e);
    } catch (CancellationException | ExecutionException e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    } finally {
      answer.cancel(true);
      current = null;
    }
  }

  private static String text(HttpResponse<byte[]> answer) throws IdentityException {
    if (answer.statusCode() != OK) {
      throw new IdentityException("status " + answer.statusCode() + " (expected: 200)");
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(answer.body())).toString();
    } catch (CharacterCodingException e) {
      throw new IdentityException("answer is not UTF-8", e);
    }
  }

  /** Made when it is needed first, since it has threads. */
  private HttpClient http() {
    HttpClient made = http;
    if (made == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(timeout);
      if (trust != null) {
        builder.sslContext(trust);
      }
      made = builder.build();
      http = made;
    }
    return made;
  }

  /** Breaks off what is under way; nothing is sent any more, and the threads may end. */
  void close() {
    closed = true;
    http = null;
    CompletableFuture<?> answer = current;
    if (answer != null) {
      answer.cancel(true);
    }
  }
}
