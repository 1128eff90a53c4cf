package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears of the transitions of one breaker, or of several that share this. Listeners run on the
 * thread that made the transition, after it and outside any lock; what one throws is logged, and
 * hurts neither the call nor the others. Safe from any thread.
 */
public final class BreakerListeners {
  private static final Logger log = LoggerFactory.getLogger(BreakerListeners.class);

  private final List<Consumer<BreakerEvent>> listeners = new CopyOnWriteArrayList<>();

  /** Hears of all transitions from now on; must not block. */
  public void add(Consumer<BreakerEvent> listener) {
    listeners.add(requireNonNull(listener, "listener"));
  }

  void tell(BreakerEvent event) {
    for (Consumer<BreakerEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        log.warn("A breaker listener failed: {}", listener, e);
      }
    }
  }
}
