package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, fetched over HTTP on a thread of their own and kept fresh: every 20
 * minutes, as Istio does, after a failure sooner and then less and less often. The last good ones
 * stay, whatever comes after them. Safe from any thread.
 */
public final class JwkSetSource implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JwkSetSource.class);

  /**
   * When keys are asked for again.
   *
   * @param every after success
   * @param early the least between two answers to {@link #refreshEarly}
   */
  record Times(Duration every, Duration early, Backoff afterFailure) {
    static final Times ISTIO =
        new Times(
            Duration.ofMinutes(20),
            Duration.ofSeconds(30),
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random()));
  }

  private final String name;
  private final JwkSetClient client;
  private final Times times;
  private final Thread thread;
  private volatile JwkSet keys = JwkSet.UNKNOWN;
  private volatile long fetched;
  private volatile long due;
  private volatile boolean closed;
  private int failures;
  private @Nullable String problem;

  JwkSetSource(String name, JwkSetClient client, Times times) {
    this.name = name;
    this.client = client;
    this.times = times;
    this.thread = new Thread(this::run, "mesh-token-keys-" + name);
    thread.setDaemon(true);
  }

  /**
   * Of a JWK Set; nothing is fetched before {@link #start}.
   *
   * @param timeout for each answer, to its end
   */
  public static JwkSetSource of(URI jwksUri, Duration timeout) {
    requireNonNull(jwksUri, "jwksUri");
    return new JwkSetSource(jwksUri.toString(), JwkSetClient.of(jwksUri, timeout), Times.ISTIO);
  }

  /**
   * Of the JWK Set that an OpenID provider names ({@code /.well-known/openid-configuration}), which
   * is asked for each time; nothing is fetched before {@link #start}.
   *
   * @param timeout for each answer, to its end
   */
  public static JwkSetSource discovered(URI issuer, Duration timeout) {
    requireNonNull(issuer, "issuer");
    return new JwkSetSource(
        issuer.toString(), JwkSetClient.discovering(issuer, timeout), Times.ISTIO);
  }

  /** Begins to fetch, on a thread of its own. To be called once at most. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      long wait = due - System.nanoTime();
      if (fetched != 0 && wait > 0) {
        LockSupport.parkNanos(this, wait);
      } else {
        refresh();
      }
    }
  }

  private void refresh() {
    // Never 0, which says that nothing was asked for yet.
    fetched = System.nanoTime() | 1;
    long wait;
    try {
      keys = JwkSet.parse(client.fetch());
      failures = 0;
      problem = null;
      wait = times.every().toNanos();
      keys.passedOver().forEach(why -> log.warn("{}: {}", name, why));
    } catch (IdentityException | RuntimeException e) {
      failed(e);
      wait = times.afterFailure().nanos(failures++);
    } catch (InterruptedException e) {
      closed = true;
      return;
    }
    due = System.nanoTime() + wait;
  }

  /** The same fault is logged once. */
  private void failed(Exception why) {
    String message = Quoted.messageOf(why);
    if (!closed && !message.equals(problem)) {
      log.warn("{}: no keys: {}", name, message, why);
    }
    problem = message;
  }

  /** The last good ones; {@link JwkSet#UNKNOWN} if there were none yet. */
  public JwkSet keys() {
    return keys;
  }

  /**
   * Says that a token names a key that is not among them: they are asked for again, unless that was
   * done within half a minute.
   */
  public void refreshEarly() {
    long now = System.nanoTime();
    if (fetched != 0 && now - fetched > times.early().toNanos()) {
      due = now;
      LockSupport.unpark(thread);
    }
  }

  /** Ends what is under way, and the thread. The keys stay. */
  @Override
  public void close() {
    closed = true;
    client.close();
    LockSupport.unpark(thread);
  }

  /** For tests: until the thread is over. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  @Override
  public String toString() {
    return "keys of " + name;
  }
}
