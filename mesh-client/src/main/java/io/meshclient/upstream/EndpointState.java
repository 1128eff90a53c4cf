package io.meshclient.upstream;

import io.meshclient.policy.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;

/** One endpoint of one cluster while it is in use. Safe from any thread. */
public final class EndpointState {
  private final AtomicInteger active = new AtomicInteger();
  private final FailureCounts failures = new FailureCounts();
  private final Outage outage = new Outage();
  private final boolean cameLater;
  private final long cameAtNanos;
  private volatile Endpoint endpoint;
  private volatile boolean ejected;
  private volatile boolean multiplexed;

  /** One that was there from the start. */
  EndpointState(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.cameLater = false;
    this.cameAtNanos = 0;
  }

  /** One that joins a cluster in use. */
  EndpointState(Endpoint endpoint, long nowNanos) {
    this.endpoint = endpoint;
    this.cameLater = true;
    this.cameAtNanos = nowNanos;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  void update(Endpoint newer) {
    endpoint = newer;
  }

  /** How long ago it joined, in nanoseconds; beyond any bound if it was there from the start. */
  long age(long nowNanos) {
    return cameLater ? nowNanos - cameAtNanos : Long.MAX_VALUE;
  }

  /** Requests under way, until their answers' bodies are closed. */
  public int active() {
    return active.get();
  }

  /** A request begins; {@link #end} must follow. */
  public void begin() {
    active.incrementAndGet();
  }

  /** A request that {@link #begin began} is over. */
  public void end() {
    active.decrementAndGet();
  }

  /** A request begins; it alone is under way only if the answer is {@code true}. */
  boolean beginAlone() {
    return active.getAndIncrement() == 0;
  }

  /** Whether it failed so often that it is left out for a while. */
  public boolean isEjected() {
    return ejected;
  }

  /** {@link ClusterState#healthChanged} must follow. */
  void ejected(boolean out) {
    ejected = out;
  }

  /** How often it was ejected so far. */
  public int ejections() {
    return outage.ejections();
  }

  FailureCounts failures() {
    return failures;
  }

  Outage outage() {
    return outage;
  }

  /** Whether its connections carry many requests at once. */
  boolean isMultiplexed() {
    return multiplexed;
  }

  void multiplexed(boolean many) {
    multiplexed = many;
  }
}
