package io.meshclient.spring.actuate;

import io.meshclient.Decision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code mesh.client.requests}: how many calls there were and how long they took, by service,
 * subset, outcome and Envoy's response flags. The values are those of the configuration, and few;
 * hosts that it does not know are one.
 *
 * <p>Safe from any thread.
 */
final class CallMeters implements Consumer<Decision> {
  private final Supplier<@Nullable MeterRegistry> registry;

  /**
   * @param registry asked at each call: it may be made after the client
   */
  CallMeters(Supplier<@Nullable MeterRegistry> registry) {
    this.registry = registry;
  }

  @Override
  public void accept(Decision decision) {
    MeterRegistry into = registry.get();
    if (into != null) {
      Timer.builder("mesh.client.requests")
          .tag("service", decision.service().isEmpty() ? "unknown" : decision.service())
          .tag("subset", decision.subset().isEmpty() ? "none" : decision.subset())
          .tag("outcome", outcome(decision.status()))
          .tag("flags", decision.flags().isEmpty() ? "none" : decision.flags())
          .register(into)
          .record(decision.took());
    }
  }

  private static String outcome(int status) {
    return status < 100 ? "FAILED" : status / 100 + "xx";
  }
}
