package io.meshclient.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A breaker went from one state to another.
 *
 * @param breaker its name
 * @param generation the number of the state that it went to; counts up, so that events that
 *     overtook each other can be put in order
 * @param failure what opened it, in words; {@code null} if it did not open, or was forced
 * @param openFor how long it stays open; zero if it did not open, or was forced
 */
public record BreakerEvent(
    String breaker,
    CircuitBreaker.State from,
    CircuitBreaker.State to,
    long generation,
    @Nullable String failure,
    Duration openFor) {}
