package io.meshclient;

import io.meshclient.upstream.EndpointState;

/**
 * How an endpoint was doing when this was asked for. Immutable.
 *
 * @param address {@code address:port}
 * @param name the pod's or the workload's; may be empty
 * @param active requests under way, until their answers are closed
 * @param ejected whether it is left out for its failures
 * @param ejections how often it was so far
 */
public record EndpointReport(
    String address, String name, int active, boolean ejected, int ejections) {

  static EndpointReport of(EndpointState state) {
    return new EndpointReport(
        state.endpoint().hostPort(),
        state.endpoint().name(),
        state.active(),
        state.isEjected(),
        state.ejections());
  }
}
