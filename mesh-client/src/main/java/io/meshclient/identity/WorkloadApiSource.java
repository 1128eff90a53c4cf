package io.meshclient.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An identity from a SPIFFE Workload API, such as SPIRE's agent serves, renewed as the API sends
 * updates: X.509-SVIDs with their bundles and federated ones, and the keys for JWT-SVIDs.
 *
 * <p>Each update is the whole truth: an SVID, a bundle or a key that it does not have any more is
 * gone. So is everything when the API says that the caller has no identity. While the API cannot be
 * reached, or sends what cannot be read, the last good identity stays, and the API is asked again
 * after growing waits. It is not asked again after {@code INVALID_ARGUMENT} and {@code
 * UNIMPLEMENTED}.
 */
public final class WorkloadApiSource extends UpdatedSource {
  private final WorkloadApi api;
  private final SvidChoice choice;
  private final StreamLoop x509Loop;
  private final StreamLoop jwtLoop;

  /** The two streams tell of their parts in any order. */
  private final ReentrantLock joining = new ReentrantLock();

  private @Nullable X509Context x509;
  private BundleSet jwt = BundleSet.of();

  private WorkloadApiSource(Builder settings) {
    super(settings.endpoint);
    this.api = WorkloadApi.at(settings.endpoint);
    this.choice = new SvidChoice(settings.id, settings.hint);
    Backoff backoff =
        new Backoff(
            settings.firstWait, settings.mostWait, () -> ThreadLocalRandom.current().nextLong());
    this.x509Loop = new StreamLoop(new X509Stream(), backoff);
    this.jwtLoop = new StreamLoop(new JwtStream(), backoff);
  }

  /**
   * A source of an API.
   *
   * @param endpoint {@code unix:///path} or {@code tcp://address:port}
   * @throws IllegalArgumentException if it is neither
   */
  public static Builder at(String endpoint) {
    GrpcEndpoint.parse(Objects.requireNonNull(endpoint, "endpoint"));
    return new Builder(endpoint);
  }

  /**
   * A source of the API at the endpoint that {@code SPIFFE_ENDPOINT_SOCKET} names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static Builder ofEnvironment() {
    return at(WorkloadApi.environmentEndpoint());
  }

  /** Which SVID, and how patient. Not for several threads. */
  public static final class Builder {
    private final String endpoint;
    private @Nullable SpiffeId id;
    private @Nullable String hint;
    private Duration firstWait = Duration.ofSeconds(1);
    private Duration mostWait = Duration.ofSeconds(30);

    private Builder(String endpoint) {
      this.endpoint = endpoint;
    }

    /** The SVID of that ID, where the workload has several; without it the first is taken. */
    public Builder id(SpiffeId wanted) {
      id = Objects.requireNonNull(wanted, "wanted");
      return this;
    }

    /** The first SVID with that hint. */
    public Builder hint(String wanted) {
      hint = Objects.requireNonNull(wanted, "wanted");
      return this;
    }

    /**
     * How long to wait before the API is asked again: up to {@code first}, twice that each time up
     * to {@code most}; 1 and 30 seconds if not said.
     */
    public Builder backoff(Duration first, Duration most) {
      if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            "backoff: " + first + " to " + most + " (expected: above 0, and not less)");
      }
      firstWait = first;
      mostWait = most;
      return this;
    }

    /** Starts to ask. The API need not be there yet. */
    public WorkloadApiSource start() {
      WorkloadApiSource source = new WorkloadApiSource(this);
      source.x509Loop.start("mesh-identity-x509");
      source.jwtLoop.start("mesh-identity-jwt");
      return source;
    }
  }

  /** For tokens, which are asked for one by one. Closed together with this. */
  public WorkloadApi api() {
    return api;
  }

  private final class X509Stream implements StreamLoop.Stream {
    @Override
    public GrpcCall open() {
      return api.x509Stream();
    }

    @Override
    public void update(GrpcCall call, byte[] message) throws IdentityException {
      X509Context update = WorkloadMessages.x509Context(message);
      joining.lock();
      try {
        x509 = update;
        join();
      } finally {
        joining.unlock();
      }
    }

    @Override
    public void failed(IdentityException why) {
      if (!isDenied(why)) {
        report(why);
        return;
      }
      joining.lock();
      try {
        x509 = null;
        withdraw(why);
      } finally {
        joining.unlock();
      }
    }
  }

  private final class JwtStream implements StreamLoop.Stream {
    @Override
    public GrpcCall open() {
      return api.jwtBundleStream();
    }

    @Override
    public void update(GrpcCall call, byte[] message) throws IdentityException {
      take(WorkloadMessages.jwtBundles(message));
    }

    /** Servers may lack this half of the API. That it cannot be reached the other stream tells. */
    @Override
    public void failed(IdentityException why) {
      if (isDenied(why)) {
        take(BundleSet.of());
      }
    }

    private void take(BundleSet update) {
      joining.lock();
      try {
        jwt = update;
        join();
      } finally {
        joining.unlock();
      }
    }
  }

  private static boolean isDenied(IdentityException why) {
    return why instanceof GrpcStatusException status
        && status.code() == GrpcStatusException.PERMISSION_DENIED;
  }

  private void join() {
    X509Context context = x509;
    if (context == null) {
      return;
    }
    try {
      publish(new WorkloadIdentity(choice.of(context), joined(context.bundles(), jwt)));
    } catch (IdentityException e) {
      withdraw(e);
    }
  }

  /** One bundle for each trust domain, with the certificates of one set and the keys of another. */
  private static BundleSet joined(BundleSet x509, BundleSet jwt) {
    Set<TrustDomain> trustDomains = new TreeSet<>(x509.trustDomains());
    trustDomains.addAll(jwt.trustDomains());
    List<TrustBundle> joined = new ArrayList<>();
    for (TrustDomain trustDomain : trustDomains) {
      TrustBundle certificates = x509.bundle(trustDomain);
      TrustBundle keys = jwt.bundle(trustDomain);
      joined.add(
          new TrustBundle(
              trustDomain,
              certificates == null ? List.of() : certificates.x509Authorities(),
              keys == null ? Map.of() : keys.jwtAuthorities(),
              null,
              null));
    }
    return BundleSet.of(joined);
  }

  @Override
  public void close() {
    x509Loop.close();
    jwtLoop.close();
    api.close();
    super.close();
  }
}
