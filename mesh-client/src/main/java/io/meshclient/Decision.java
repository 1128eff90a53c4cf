package io.meshclient;

import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Rule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one call, why, and what came of it: the record that every explanation, log
 * line and metric is a view of. Immutable.
 *
 * @param authority the Host header that the application's request had
 * @param path with query, as the application asked for it
 * @param virtualHost {@code null} where no rule and no registry knew the host
 * @param rule what made the decision; {@code null} where no rule took the request (404)
 * @param condition what of the rule the request met, such as {@code header x-canary exact "true"}
 * @param cluster Istio's name of the destination; empty where the library answered by itself
 * @param service the destination's full host name; may be empty
 * @param subset empty for the whole service
 * @param draw what decided between weighted destinations, 0 to 100; NaN where nothing was drawn
 * @param status of the answer; 0 where there was none
 * @param flags Envoy's response flags, such as {@code UH}, separated by commas; empty for none
 * @param failure why there was no answer; {@code null} if there was one
 * @param took until the answer's headers were there, or the failure
 * @param ownership what of it was the mesh's: where routing is, rule and condition are what this
 *     configuration says, and the mesh decided by its own
 * @param proxy what the mesh's proxy told; {@code null} where none did
 * @param localProxy what was wrong with the proxy beside the workload, rather than with the
 *     destination; {@code null} for nothing that is known
 */
public record Decision(
    String method,
    String authority,
    String path,
    @Nullable String virtualHost,
    @Nullable Rule rule,
    String condition,
    String cluster,
    String service,
    String subset,
    double draw,
    List<Attempt> attempts,
    int status,
    String flags,
    @Nullable String failure,
    Duration took,
    Ownership ownership,
    @Nullable ProxyReport proxy,
    @Nullable String localProxy) {

  /**
   * One try.
   *
   * @param endpoint {@code address:port}, and the pod's name where it is known
   * @param status 0 where there was no answer
   * @param outcome {@code answered}, or what went wrong in Envoy's words, and then in the JDK's
   * @param protocol of the answer, such as {@code HTTP/1.1} or {@code HTTP/2}; empty for none
   */
  public record Attempt(
      String endpoint, int status, String outcome, String protocol, Duration took) {}

  public Decision {
    attempts = List.copyOf(attempts);
  }

  /**
   * One line: what was asked, where it went, by which rule, and what came of it; where the last try
   * had no answer, what went wrong at which endpoint.
   */
  @Override
  public String toString() {
    String destination =
        service.isEmpty() ? cluster : subset.isEmpty() ? service : service + " " + subset;
    if (cluster.equals(Cluster.PASSTHROUGH.name())) {
      destination = "where it was meant to go (" + cluster + ")";
    }
    String why =
        rule == null
            ? "no rule"
            : rule.path().isEmpty() || condition.isEmpty()
                ? rule.toString()
                : rule + " " + condition;
    return method
        + " "
        + authority
        + path
        + (destination.isEmpty() ? "" : " -> " + destination)
        + byMesh()
        + " ["
        + why
        + "] "
        + (failure == null ? Integer.toString(status) : failure)
        + (flags.isEmpty() ? "" : " " + ResponseFlags.inWords(flags))
        + unanswered()
        + (localProxy == null ? "" : "; " + localProxy)
        + (proxy == null ? "" : " (" + proxy + ")")
        + (attempts.size() > 1 ? " after " + attempts.size() + " tries" : "")
        + " in "
        + took.toMillis()
        + " ms";
  }

  private String byMesh() {
    return ownership.mode() == MeshMode.NONE
        ? ""
        : ownership.isMesh(Capability.ROUTING)
            ? " by " + ownership.mode().word()
            : " by the library within " + ownership.mode().word();
  }

  private String unanswered() {
    Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    return last == null || last.status() != 0
        ? ""
        : "; at " + last.endpoint() + ": " + last.outcome();
  }
}
