package io.meshclient.identity;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the bundle of one other trust domain fresh, on a thread of its own. The last good one
 * stays, whatever comes after it.
 */
final class BundleRefresh implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FederatedSource.class);

  private final TrustDomain trustDomain;
  private final String name;
  private final BundleClient client;
  private final RefreshTimes times;
  private final Supplier<BundleSet> known;
  private final Runnable changed;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The newest, for its number; used by the thread alone. */
  private @Nullable TrustBundle newest;

  private int failures;
  private volatile @Nullable TrustBundle bundle;
  private volatile @Nullable IdentityException problem;

  /**
   * @param name for logs: the trust domain and the address
   * @param given the bundle to begin with; {@code null} if there is none
   * @param known the newest bundles of all trust domains
   * @param changed told on the thread when the bundle is another one
   */
  BundleRefresh(
      TrustDomain trustDomain,
      String name,
      @Nullable TrustBundle given,
      BundleClient client,
      RefreshTimes times,
      Supplier<BundleSet> known,
      Runnable changed) {
    this.trustDomain = trustDomain;
    this.name = name;
    this.newest = given;
    this.client = client;
    this.times = times;
    this.known = known;
    this.changed = changed;
  }

  void start() {
    Thread thread = new Thread(this::run, "mesh-identity-federation-" + trustDomain);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      long nanos = refresh();
      while (!closed.await(nanos, TimeUnit.NANOSECONDS)) {
        nanos = refresh();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks once; answers in how many nanoseconds to ask again. */
  long refresh() throws InterruptedException {
    try {
      TrustBundle next = FetchedBundle.read(trustDomain, client.fetch(known.get()), newest);
      newest = next;
      failures = 0;
      problem = null;
      take(next);
      return times.nanos(next);
    } catch (IdentityException e) {
      failed(e);
    } catch (RuntimeException e) {
      failed(new IdentityException("failed: " + Quoted.messageOf(e), e));
    }
    return times.nanosAfter(failures++);
  }

  /** A new number alone is no reason to renew connections. */
  private void take(TrustBundle next) {
    if (closed.getCount() > 0 && !FetchedBundle.sameAuthorities(bundle, next)) {
      log.info("{}: {}", name, next);
      bundle = next;
      changed.run();
    }
  }

  /** The same fault is logged once. */
  private void failed(IdentityException why) {
    String message = name + ": " + why.getMessage();
    IdentityException before = problem;
    problem = new IdentityException(message, why);
    boolean repeated = before != null && message.equals(before.getMessage());
    if (closed.getCount() > 0 && !repeated) {
      log.warn("{}", message, why);
    }
  }

  /** The last good one that was fetched; {@code null} if none was yet. */
  @Nullable TrustBundle bundle() {
    return bundle;
  }

  /** Why the last try brought nothing; {@code null} if it did. */
  @Nullable IdentityException problem() {
    return problem;
  }

  @Override
  public void close() {
    closed.countDown();
    client.close();
  }
}
