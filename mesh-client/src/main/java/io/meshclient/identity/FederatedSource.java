package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An identity of another source, with the bundles of other trust domains beside its own: they are
 * fetched from bundle endpoints, as SPIFFE Federation says, and kept fresh. No bundle is ever
 * merged with another, and that of the workload's own trust domain is always the other source's.
 *
 * <pre>{@code
 * IdentitySource source =
 *     FederatedSource.of(WorkloadApiSource.ofEnvironment().start())
 *         .federate(partner, URI.create("https://spiffe.partner.example/bundle"), EndpointProfile.web())
 *         .start();
 * }</pre>
 *
 * <p>The identity is there as soon as the other source has it. Until the bundle of a trust domain
 * has been fetched, its workloads prove nothing, unless the other source or the profile has one. A
 * fetched bundle takes the place of the other source's of the same trust domain.
 */
public final class FederatedSource extends UpdatedSource {
  private final IdentitySource own;
  private final BundleSet given;
  private final List<BundleRefresh> refreshes;
  private final Registration registration;

  /** What is joined is of one moment, whichever part has changed. */
  private final ReentrantLock joining = new ReentrantLock();

  private FederatedSource(Builder settings) {
    super(settings.own + " federated with " + settings.endpoints.keySet());
    own = settings.own;
    List<TrustBundle> first = new ArrayList<>();
    List<BundleRefresh> all = new ArrayList<>();
    settings.endpoints.forEach(
        (trustDomain, endpoint) -> {
          TrustBundle bundle = endpoint.profile.given(trustDomain);
          if (bundle != null) {
            first.add(bundle);
          }
          all.add(refresh(trustDomain, endpoint, bundle, settings));
        });
    given = BundleSet.of(first);
    refreshes = List.copyOf(all);
    registration = own.onChange(identity -> join());
    join();
  }

  private BundleRefresh refresh(
      TrustDomain trustDomain, Endpoint endpoint, @Nullable TrustBundle first, Builder settings) {
    return new BundleRefresh(
        trustDomain,
        "bundle of " + trustDomain + " from " + endpoint.uri + " (" + endpoint.profile + ")",
        first,
        new BundleClient(endpoint.uri, endpoint.profile, settings.timeout, settings.clock),
        settings.times(),
        () -> known(own.identity()),
        this::join);
  }

  /**
   * An identity of that source, federated. It is closed together with this one.
   *
   * @param own started
   */
  public static Builder of(IdentitySource own) {
    return new Builder(requireNonNull(own, "own"));
  }

  private record Endpoint(URI uri, EndpointProfile profile) {}

  /** Whom to federate with, and how patiently. Not for several threads. */
  public static final class Builder {
    private final IdentitySource own;
    private final Map<TrustDomain, Endpoint> endpoints = new LinkedHashMap<>();
    private Duration least = Duration.ofMinutes(1);
    private Duration most = Duration.ofDays(1);
    private Duration firstWait = Duration.ofSeconds(5);
    private Duration mostWait = Duration.ofMinutes(5);
    private Duration timeout = Duration.ofSeconds(10);
    private Clock clock = Clock.systemUTC();

    private Builder(IdentitySource own) {
      this.own = own;
    }

    /**
     * Fetches the bundle of a trust domain. All three parts decide who is trusted, and the answer
     * names none of them: they have to come from where nobody else can write.
     *
     * @param uri {@code https}, without user information
     * @throws IllegalArgumentException if the URI is another, or the trust domain has one already
     */
    public Builder federate(TrustDomain trustDomain, URI uri, EndpointProfile profile) {
      String problem = BundleUri.problem(uri);
      if (problem != null) {
        throw new IllegalArgumentException("uri: " + problem);
      }
      requireNonNull(profile, "profile");
      Endpoint endpoint = new Endpoint(uri, profile);
      if (endpoints.putIfAbsent(requireNonNull(trustDomain, "trustDomain"), endpoint) != null) {
        throw new IllegalArgumentException(
            "trustDomain: " + trustDomain + " twice (expected: one endpoint of each)");
      }
      return this;
    }

    /**
     * Bounds of a bundle's own word how often it wants to be fetched; a minute and a day if not
     * said. A bundle that says nothing is fetched every five minutes, within the bounds.
     */
    public Builder refresh(Duration atLeast, Duration atMost) {
      check("refresh", atLeast, atMost);
      least = atLeast;
      most = atMost;
      return this;
    }

    /**
     * How long to wait after a failure: up to {@code first}, twice that each time up to {@code
     * most}; 5 seconds and 5 minutes if not said.
     */
    public Builder backoff(Duration first, Duration atMost) {
      check("backoff", first, atMost);
      firstWait = first;
      mostWait = atMost;
      return this;
    }

    /** For all of one fetch, with its connection and redirects; 10 seconds if not said. */
    public Builder timeout(Duration atMost) {
      check("timeout", atMost, atMost);
      timeout = atMost;
      return this;
    }

    Builder clock(Clock time) {
      clock = time;
      return this;
    }

    private static void check(String what, Duration first, Duration most) {
      if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            what + ": " + first + " to " + most + " (expected: above 0, and not less)");
      }
    }

    private RefreshTimes times() {
      Backoff backoff =
          new Backoff(firstWait, mostWait, () -> ThreadLocalRandom.current().nextLong());
      return new RefreshTimes(least, most, backoff);
    }

    /** Starts to fetch. No endpoint need be there yet. */
    public FederatedSource start() {
      FederatedSource source = still();
      source.refreshes.forEach(BundleRefresh::start);
      return source;
    }

    /** For tests, which fetch by themselves. */
    FederatedSource still() {
      return new FederatedSource(this);
    }
  }

  /** Each bundle's refresh, in the order in which they were asked for. */
  List<BundleRefresh> refreshes() {
    return refreshes;
  }

  private void join() {
    joining.lock();
    try {
      WorkloadIdentity mine = own.identity();
      if (mine != null) {
        publish(new WorkloadIdentity(mine.svid(), known(mine)));
      } else if (identity() != null) {
        withdraw(new IdentityException("no identity any more", own.problem()));
      }
    } finally {
      joining.unlock();
    }
  }

  /** The newest of each trust domain. Who has no identity yet has no bundle of its own either. */
  private BundleSet known(@Nullable WorkloadIdentity mine) {
    BundleSet all = given;
    BundleSet ownBundles = mine == null ? BundleSet.of() : mine.bundles();
    for (TrustDomain trustDomain : ownBundles.trustDomains()) {
      all = with(all, ownBundles.bundle(trustDomain));
    }
    for (BundleRefresh refresh : refreshes) {
      all = with(all, refresh.bundle());
    }
    if (mine == null) {
      return all;
    }
    TrustDomain home = mine.svid().id().trustDomain();
    TrustBundle atHome = ownBundles.bundle(home);
    return atHome == null ? all.without(home) : all.with(atHome);
  }

  private static BundleSet with(BundleSet all, @Nullable TrustBundle bundle) {
    return bundle == null ? all : all.with(bundle);
  }

  /** The other source's problem, or else that of an endpoint. */
  @Override
  public @Nullable IdentityException problem() {
    IdentityException problem = own.problem();
    for (BundleRefresh refresh : refreshes) {
      problem = problem == null ? refresh.problem() : problem;
    }
    return problem;
  }

  /** Ends its threads, and the other source. */
  @Override
  public void close() {
    registration.close();
    refreshes.forEach(BundleRefresh::close);
    own.close();
    super.close();
  }
}
