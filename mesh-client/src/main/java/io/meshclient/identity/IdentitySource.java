package io.meshclient.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a workload's identity comes from, now and as it is renewed: {@link PemDirectorySource},
 * {@link KeyStoreSource}, {@link WorkloadApiSource}, {@link SdsSource} or {@link LocalAuthority};
 * {@link FederatedSource} adds the bundles of other trust domains.
 *
 * <p>A source works on threads of its own from the moment that it is made until it is closed. A
 * fault in what it reads is reported and changes nothing: the last good identity stays. Whether
 * that one has expired is for its user to look at.
 *
 * <p>Sources may be shared by threads. Asking for the identity takes no lock.
 */
public interface IdentitySource extends AutoCloseable {

  /** Hears of changes, one after the other, on the source's thread; must not block. */
  interface Listener {
    /**
     * The identity is another one.
     *
     * @param identity {@code null} if it was taken away
     */
    void changed(@Nullable WorkloadIdentity identity);
  }

  /** A listener's place at its source. */
  interface Registration extends AutoCloseable {
    /** The listener hears no more. */
    @Override
    void close();
  }

  /** As it is now; {@code null} if there is none, not yet or any more. */
  @Nullable WorkloadIdentity identity();

  /** Why what came last was not taken; {@code null} if nothing is wrong. */
  @Nullable IdentityException problem();

  /** From now on the listener hears of changes; not of the identity that is there already. */
  Registration onChange(Listener listener);

  /**
   * The identity, as soon as there is one.
   *
   * @throws IdentityException if there is none in that time, or the source was closed; the cause is
   *     {@link #problem()}
   */
  WorkloadIdentity await(Duration atMost) throws IdentityException, InterruptedException;

  /** Ends its threads. The identity that it had stays, and nobody hears of changes any more. */
  @Override
  void close();
}
