package io.meshclient.identity;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A workload's identity from a local authority: there at once, and a new one at half its life. */
final class AuthoritySource extends UpdatedSource {
  private final LocalAuthority authority;
  private final SpiffeId id;
  private final CountDownLatch closed = new CountDownLatch(1);

  private AuthoritySource(LocalAuthority authority, SpiffeId id) {
    super(id.toString());
    this.authority = authority;
    this.id = id;
  }

  static AuthoritySource start(LocalAuthority authority, SpiffeId id) {
    AuthoritySource source = new AuthoritySource(authority, id);
    source.renew();
    Thread thread = new Thread(source::run, "mesh-identity-authority");
    thread.setDaemon(true);
    thread.start();
    return source;
  }

  private void run() {
    long halfLifeNanos = authority.ttl().toNanos() / 2;
    try {
      while (!closed.await(halfLifeNanos, TimeUnit.NANOSECONDS)) {
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() {
    publish(new WorkloadIdentity(authority.issue(id), authority.bundles()));
  }

  @Override
  public void close() {
    closed.countDown();
    super.close();
  }
}
