package io.meshclient;

import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RateLimiter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import okhttp3.Response;

/** The application's rate limits: a call takes a token, which it may wait for. */
final class RateLimitStage implements Stage {
  private final Limits<RateLimit, RateLimiter> limiters;

  RateLimitStage(StageSettings settings) {
    this.limiters = settings.rateLimiters();
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    RateLimiter limiter = limiters.of(call);
    if (limiter != null) {
      await(call, limiter);
    }
    return next.proceed();
  }

  private static void await(MeshCall call, RateLimiter limiter) throws IOException {
    long most = Math.min(limiter.limit().maxWait().toNanos(), call.callersNanos());
    long wait = limiter.reserve(most);
    if (wait == RateLimiter.REFUSED) {
      throw limiter.refused();
    }
    if (wait > 0) {
      boolean waited = false;
      try {
        call.events.pause(call.chain.call(), wait, "waiting for the rate limit");
        waited = true;
      } finally {
        if (!waited) {
          limiter.giveBack();
        }
      }
    }
  }

  /** How limiters are made and told of. */
  static final class Kind implements Limits.Kind<RateLimit, RateLimiter> {
    private final MeshClock clock;

    Kind(MeshClock clock) {
      this.clock = clock;
    }

    @Override
    public RateLimiter make(String name, RateLimit limit) {
      return new RateLimiter(name, limit, clock::nanoTime);
    }

    @Override
    public boolean isIdle(RateLimiter limiter) {
      return limiter.remaining() == limiter.limit().burst();
    }

    @Override
    public GuardMetrics<RateLimiter> metrics(Meter meter, Supplier<List<RateLimiter>> limiters) {
      return new GuardMetrics<>(meter, "mesh.ratelimit", limiters, RateLimiter::name)
          .counter("rejections", "Calls that a rate limit turned away", RateLimiter::rejections);
    }
  }
}
