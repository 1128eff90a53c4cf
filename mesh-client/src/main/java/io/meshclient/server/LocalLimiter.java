package io.meshclient.server;

import io.meshclient.access.GrpcAnswer;
import io.meshclient.policy.DescriptorAction;
import io.meshclient.policy.LocalRateLimit;
import io.meshclient.policy.LocalRateLimit.Bucket;
import io.meshclient.policy.LocalRateLimit.Entry;
import io.meshclient.policy.LocalRateLimit.Header;
import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One local rate limit with its buckets: Envoy's filter {@code local_ratelimit}. Of the buckets
 * that a request meets, the slowest comes first; one that is empty leaves those behind it as they
 * are. Safe from any thread.
 */
final class LocalLimiter {
  private static final String BODY = "local_rate_limited";
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static final Comparator<RateLimiter> SLOWEST_FIRST =
      Comparator.comparingDouble(
          limiter -> (double) limiter.limit().tokens() / limiter.limit().interval().toNanos());

  private final LocalRateLimit limit;
  private final DoubleSupplier draws;
  private final @Nullable RateLimiter all;
  private final Map<List<Entry>, RateLimiter> byDescriptor = new HashMap<>();

  LocalLimiter(LocalRateLimit limit, LongSupplier clock, DoubleSupplier draws) {
    this.limit = limit;
    this.draws = draws;
    Bucket bucket = limit.bucket();
    this.all = bucket == null ? null : limiter(bucket, clock);
    for (LocalRateLimit.Descriptor descriptor : limit.descriptors()) {
      byDescriptor.put(descriptor.entries(), limiter(descriptor.bucket(), clock));
    }
  }

  private static RateLimiter limiter(Bucket bucket, LongSupplier clock) {
    long tokens = Math.min(bucket.tokensPerFill(), bucket.fillInterval().toNanos());
    RateLimit limit =
        new RateLimit(tokens, bucket.fillInterval(), bucket.maxTokens(), Duration.ZERO);
    return new RateLimiter("local_ratelimit", limit, clock);
  }

  LocalRateLimit limit() {
    return limit;
  }

  /** As {@link Guard#admits}. */
  boolean admits(Inbound request) throws IOException {
    if (all == null || !hits(limit.enabledPercent())) {
      return true;
    }
    List<RateLimiter> met = met(request, all);
    RateLimiter empty = take(met);
    if (limit.xRateLimitHeaders()) {
      tell(request.exchange(), empty == null ? met.get(0) : empty);
    }
    if (empty == null || !hits(limit.enforcedPercent())) {
      return true;
    }
    refuse(request);
    return false;
  }

  /** The buckets of a request, in order; at least one. */
  private List<RateLimiter> met(Inbound request, RateLimiter ofAll) {
    List<RateLimiter> met = new ArrayList<>(2);
    for (List<DescriptorAction> rule : limit.rules()) {
      RateLimiter one = byDescriptor.get(descriptor(rule, request));
      if (one != null) {
        met.add(one);
      }
    }
    met.sort(SLOWEST_FIRST);
    if (met.isEmpty() || limit.alwaysUsesBucket()) {
      met.add(ofAll);
    }
    return met;
  }

  /** Empty where the request lacks what it is told apart by: no descriptor is. */
  private static List<Entry> descriptor(List<DescriptorAction> rule, Inbound request) {
    List<Entry> entries = new ArrayList<>(rule.size());
    for (DescriptorAction action : rule) {
      Entry entry = action.entry(request);
      if (entry != null) {
        entries.add(entry);
      } else if (!action.mayLack()) {
        return List.of();
      }
    }
    return entries;
  }

  /** The first that is empty; {@code null} if none is. */
  private static @Nullable RateLimiter take(List<RateLimiter> met) {
    for (RateLimiter one : met) {
      if (!one.tryAcquire()) {
        return one;
      }
    }
    return null;
  }

  private boolean hits(double percent) {
    return percent >= 100 || percent > 0 && draws.getAsDouble() < percent;
  }

  private static void tell(ServerExchange exchange, RateLimiter bucket) {
    exchange.addAnswerHeader("x-ratelimit-limit", Long.toString(bucket.limit().burst()));
    exchange.addAnswerHeader("x-ratelimit-remaining", Long.toString(bucket.remaining()));
    // Whole seconds, rounded down, as Envoy tells them.
    exchange.addAnswerHeader("x-ratelimit-reset", Long.toString(bucket.nanosUntilNext() / SECOND));
  }

  private void refuse(Inbound request) throws IOException {
    ServerExchange exchange = request.exchange();
    boolean grpc = GrpcAnswer.isFor(request.header("content-type"));
    exchange.setAnswerHeader("content-type", grpc ? GrpcAnswer.CONTENT_TYPE : "text/plain");
    if (grpc) {
      exchange.setAnswerHeader("grpc-status", Integer.toString(limit.grpcStatus()));
      exchange.setAnswerHeader("grpc-message", BODY);
    }
    for (Header header : limit.headers()) {
      add(exchange, header);
    }
    exchange.answer(grpc ? 200 : limit.status(), grpc ? "" : BODY);
  }

  private static void add(ServerExchange exchange, Header header) {
    boolean there = exchange.hasAnswerHeader(header.name());
    switch (header.append()) {
      case BESIDE -> exchange.addAnswerHeader(header.name(), header.value());
      case REPLACE -> exchange.setAnswerHeader(header.name(), header.value());
      case IF_ABSENT -> {
        if (!there) {
          exchange.addAnswerHeader(header.name(), header.value());
        }
      }
      case IF_PRESENT -> {
        if (there) {
          exchange.setAnswerHeader(header.name(), header.value());
        }
      }
    }
  }
}
