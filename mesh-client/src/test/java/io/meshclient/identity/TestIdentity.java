package io.meshclient.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A source whose identity a test sets. */
public final class TestIdentity implements IdentitySource {
  private volatile @Nullable WorkloadIdentity identity;

  public TestIdentity(@Nullable WorkloadIdentity identity) {
    this.identity = identity;
  }

  public void set(@Nullable WorkloadIdentity newer) {
    identity = newer;
  }

  @Override
  public @Nullable WorkloadIdentity identity() {
    return identity;
  }

  @Override
  public @Nullable IdentityException problem() {
    return null;
  }

  @Override
  public Registration onChange(Listener listener) {
    return () -> {};
  }

  @Override
  public WorkloadIdentity await(Duration atMost) throws IdentityException {
    WorkloadIdentity known = identity;
    if (known == null) {
      throw new IdentityException("none");
    }
    return known;
  }

  @Override
  public void close() {}
}
