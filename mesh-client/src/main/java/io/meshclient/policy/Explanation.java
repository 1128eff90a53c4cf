package io.meshclient.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the policy makes of a request, step by step: made by the conditions that decide, not by a
 * second reading of the rules.
 *
 * @param virtualHost {@code null} where nothing knows the host
 * @param domain which of its names the request's host is; {@code null} without a virtual host
 * @param steps the rules in the order in which they were tried, up to the one that matched
 * @param excluded rules that cannot hold for this workload, and why
 * @param outcome what happens to the request
 */
public record Explanation(
    String method,
    String authority,
    String path,
    String namespace,
    @Nullable String virtualHost,
    @Nullable String domain,
    List<String> domains,
    List<Step> steps,
    List<Step> excluded,
    Outcome outcome) {

  /**
   * A rule that was tried.
   *
   * @param rule its resource, such as {@code VirtualService production/order-service-vs}
   * @param path within the resource, such as {@code http[1].match[0]}
   * @param location file and line; {@code -} for a rule that nobody wrote
   * @param name the rule's own name, if it has one
   * @param condition what it asks for
   * @param reason why it did not match; {@code null} if it did
   */
  public record Step(
      String rule,
      String path,
      String location,
      @Nullable String name,
      String condition,
      @Nullable String reason) {

    public boolean matched() {
      return reason == null;
    }
  }

  /** What happens to the request. */
  public sealed interface Outcome {}

  /**
   * It is sent on.
   *
   * @param endpoints in the order of the configuration, with their priority unless it is the first
   * @param balancing how one of them is picked, and by what; empty where there is no cluster
   * @param protocol {@code HTTP/2} where plain requests go by it; empty where the client chooses
   * @param draw 0 to 100, of which each share takes a part
   * @param timeoutMillis 0 for none
   * @param faults such as {@code delay 500 ms for 50 %}
   * @param mirrors clusters that get copies, and of which share
   * @param missingStatus the answer where the cluster does not exist; 0 where it does
   */
  public record Forwarded(
      String cluster,
      String service,
      String subset,
      String discovery,
      List<String> endpoints,
      String balancing,
      String protocol,
      List<Share> shares,
      double draw,
      String path,
      String host,
      List<String> requestHeaders,
      List<String> responseHeaders,
      long timeoutMillis,
      Retries retries,
      List<String> faults,
      List<String> mirrors,
      int missingStatus,
      @Nullable String settledBy)
      implements Outcome {}

  /**
   * A destination's part of the draw.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public record Share(String cluster, String subset, double from, double to, boolean picked) {}

  /**
   * When it is tried again.
   *
   * @param attempts how many tries may follow the first
   * @param perTryTimeoutMillis 0 for none
   */
  public record Retries(int attempts, List<String> on, long perTryTimeoutMillis) {}

  /** It is answered at once. */
  public record Answered(int status, String body, List<String> responseHeaders, String why)
      implements Outcome {}

  /** The caller is sent elsewhere. */
  public record Redirected(int status, String location, List<String> responseHeaders)
      implements Outcome {}
}
