package io.meshclient.server;

import io.meshclient.policy.LocalRateLimit;
import io.meshclient.policy.LocalRateLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The local rate limits of the configuration, enforced as a sidecar would. A limit that a reload
 * leaves as it was keeps its tokens. Safe from any thread.
 */
final class LocalLimits implements Guard {

  /** What was made of a policy's limits for one port. */
  private record InForce(LocalRateLimits policy, List<LocalLimiter> limiters) {}

  private final Supplier<LocalRateLimits> policy;
  private final LongSupplier clock;
  private final DoubleSupplier draws;

  /** Servers that share a filter listen on ports of their own. */
  private final ConcurrentHashMap<Integer, InForce> byPort = new ConcurrentHashMap<>();

  /**
   * @param policy the one in force
   * @param draws at least 0 and less than 100
   */
  LocalLimits(Supplier<LocalRateLimits> policy, LongSupplier clock, DoubleSupplier draws) {
    this.policy = policy;
    this.clock = clock;
    this.draws = draws;
  }

  @Override
  public boolean admits(Inbound request) throws IOException {
    for (LocalLimiter limiter : limiters(request.connection().port())) {
      if (!limiter.admits(request)) {
        return false;
      }
    }
    return true;
  }

  private List<LocalLimiter> limiters(int ofPort) {
    LocalRateLimits now = policy.get();
    InForce known = byPort.get(ofPort);
    if (known == null || known.policy() != now) {
      known = byPort.compute(ofPort, (at, before) -> renew(now, at, before));
    }
    return known.limiters();
  }

  private InForce renew(LocalRateLimits now, int ofPort, @Nullable InForce before) {
    if (before != null && before.policy() == now) {
      return before; // another request was first
    }
    List<LocalLimiter> kept = before == null ? List.of() : before.limiters();
    List<LocalLimiter> made = new ArrayList<>();
    for (LocalRateLimit limit : now.of(ofPort)) {
      made.add(limiter(limit, kept, made));
    }
    return new InForce(now, List.copyOf(made));
  }

  private LocalLimiter limiter(
      LocalRateLimit limit, List<LocalLimiter> kept, List<LocalLimiter> taken) {
    for (LocalLimiter one : kept) {
      if (one.limit().equals(limit) && !taken.contains(one)) {
        return one;
      }
    }
    return new LocalLimiter(limit, clock, draws);
  }
}
