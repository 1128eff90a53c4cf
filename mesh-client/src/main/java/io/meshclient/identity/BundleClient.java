package io.meshclient.identity;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Asks one bundle endpoint, over the JDK's HTTP client. Used by one thread, and broken off by any.
 */
final class BundleClient {
  /** Some hundred authorities; a bundle has a handful. */
  static final int MAX_BYTES = 1 << 20;

  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MAX_REDIRECTS = 5;

  private final URI uri;
  private final EndpointProfile profile;
  private final Duration timeout;
  private final Clock clock;
  private @Nullable Connected connected;
  private volatile @Nullable CompletableFuture<?> current;
  private volatile boolean closed;

  /** Connections and sessions belong to who vouched for them, and end with that. */
  private record Connected(BundleSet vouching, HttpClient client) {}

  BundleClient(URI uri, EndpointProfile profile, Duration timeout, Clock clock) {
    this.uri = uri;
    this.profile = profile;
    this.timeout = timeout;
    this.clock = clock;
  }

  /**
   * What the endpoint answers now.
   *
   * @param known the newest bundles of all trust domains, to check the endpoint by
   * @throws IdentityException if it cannot be had, in time, from whom it should be
   */
  byte[] fetch(BundleSet known) throws IdentityException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      return follow(connect(profile.vouching(known)), deadline);
    } catch (IdentityException | InterruptedException e) {
      // A connection that is no good is not to be met again.
      connected = null;
      throw e;
    }
  }

  private Connected connect(BundleSet vouching) throws IdentityException {
    Connected before = connected;
    if (before != null && before.vouching.equals(vouching)) {
      return before;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .sslContext(profile.context(vouching, clock))
            .build();
    Connected next = new Connected(vouching, client);
    connected = next;
    return next;
  }

  /** Each refresh begins at the address that was configured. */
  private byte[] follow(Connected by, long deadline)
      throws IdentityException, InterruptedException {
    URI target = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<byte[]> answer = send(by.client, target, deadline);
      checkServer(answer, by.vouching);
      if (answer.statusCode() == OK) {
        return answer.body();
      }
      if (!REDIRECTS.contains(answer.statusCode())) {
        throw new IdentityException("status " + answer.statusCode() + " (expected: 200)");
      }
      target = redirected(target, answer);
    }
    throw new IdentityException("redirected too often (expected: at most " + MAX_REDIRECTS + ")");
  }

  private static URI redirected(URI from, HttpResponse<?> answer) throws IdentityException {
    String location = answer.headers().firstValue("location").orElse("");
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IdentityException("redirected to no URI: " + Quoted.messageOf(e), e);
    }
    String problem = location.isEmpty() ? "no location" : BundleUri.problem(target);
    if (problem != null) {
      throw new IdentityException("redirected: " + problem);
    }
    return target;
  }

  private HttpResponse<byte[]> send(HttpClient client, URI target, long deadline)
      throws IdentityException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target).header("accept", "application/json").GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(MAX_BYTES));
    current = answer;
    try {
      if (closed) {
        throw new IdentityException("closed");
      }
      return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IdentityException("no answer within " + timeout.toMillis() + " ms", e);
    } catch (CancellationException e) {
      throw new IdentityException("closed", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      answer.cancel(true);
      current = null;
    }
  }

  /** The client wraps what went wrong, once or twice; the innermost says why. */
  private static IdentityException failure(ExecutionException failed) {
    Throwable why = failed;
    String kind = "";
    for (Throwable cause = why.getCause(); cause != null; cause = cause.getCause()) {
      why = cause;
      if (cause instanceof ConnectException) {
        kind = "no connection: ";
      }
      if (cause instanceof IdentityException || cause instanceof CertificateException) {
        break;
      }
    }
    boolean mute = why.getMessage() == null;
    return new IdentityException(
        kind + (mute ? why.getClass().getSimpleName() : Quoted.messageOf(why)), failed);
  }

  private void checkServer(HttpResponse<?> answer, BundleSet vouching) throws IdentityException {
    try {
      SSLSession session = answer.sslSession().orElseThrow();
      profile.check(session, vouching, clock);
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    }
  }

  /** Breaks off what is under way; nothing is sent any more. */
  void close() {
    closed = true;
    CompletableFuture<?> answer = current;
    if (answer != null) {
      answer.cancel(true);
    }
  }
}
