package io.meshclient.cli.explain;

import io.meshclient.istio.Problem;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Explanation;
import io.meshclient.policy.Explanation.Answered;
import io.meshclient.policy.Explanation.Destination;
import io.meshclient.policy.Explanation.Forwarded;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to show.
 *
 * @param drawGiven whether the draw was asked for, or is the default
 * @param ownership who does what of it
 * @param appAttempts how often the application makes the call at most
 */
record Explained(
    Request request,
    String namespace,
    Map<String, String> labels,
    List<Problem> problems,
    Explanation explanation,
    boolean drawGiven,
    Ownership ownership,
    int appAttempts) {

  Explained {
    labels = Map.copyOf(labels);
    problems = List.copyOf(problems);
  }

  /** How often one call may be sent by who carries out the rule's retries. */
  int tries() {
    Forwarded to = forwarded();
    return to == null ? 0 : to.retries().attempts() + 1;
  }

  /** Where the request goes; {@code null} where a rule answers it. */
  @Nullable Forwarded forwarded() {
    return explanation.outcome() instanceof Forwarded forwarded ? forwarded : null;
  }

  /** Where a connection may lead; without a port of its own an endpoint has the request's. */
  List<String> endpoints(Destination to) {
    String port = ":" + request.url().port();
    return to.endpoints().stream()
        .map(text -> text.endsWith(":0") ? text.substring(0, text.length() - 2) + port : text)
        .toList();
  }

  /** The answer that no endpoint gives; {@code null} where one is asked, or for a redirect. */
  @Nullable Answered answered() {
    if (explanation.outcome() instanceof Answered answered) {
      return answered;
    }
    Forwarded to = forwarded();
    if (to == null) {
      return null;
    }
    Destination destination = to.destination();
    if (destination.missingStatus() != 0) {
      return new Answered(
          destination.missingStatus(),
          "",
          to.responseHeaders(),
          "there is no cluster " + destination.cluster());
    }
    if (destination.discovery().equals("STATIC") && destination.endpoints().isEmpty()) {
      return new Answered(
          503, "no healthy upstream", to.responseHeaders(), "the cluster has no endpoint");
    }
    return null;
  }
}
