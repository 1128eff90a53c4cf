package io.meshclient.upstream;

import io.meshclient.policy.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;

/** One endpoint of one cluster while it is in use. Safe from any thread. */
public final class EndpointState {
  private final AtomicInteger active = new AtomicInteger();
  private volatile Endpoint endpoint;

  EndpointState(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  void update(Endpoint newer) {
    endpoint = newer;
  }

  /** Requests under way. */
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
}
