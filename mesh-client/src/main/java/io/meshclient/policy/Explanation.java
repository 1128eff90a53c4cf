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
   * @param draw 0 to 100, of which each share takes a part
   * @param timeoutMillis 0 for none
   * @param faults such as {@code delay 500 ms for 50 %}
   * @param mirrors clusters that get copies, and of which share
   */
  public record Forwarded(
      Destination destination,
      List<Share> shares,
      double draw,
      String path,
      String host,
      List<String> requestHeaders,
      List<String> responseHeaders,
      long timeoutMillis,
      Retries retries,
      List<String> faults,
      List<String> mirrors)
      implements Outcome {}

  /**
   * The cluster that a request goes to. Where there is no such cluster, all but its name and {@code
   * missingStatus} is empty.
   *
   * @param cluster Istio's name of it
   * @param discovery how endpoints are found: {@code STATIC}, {@code DNS}, {@code ORIGINAL} for the
   *     request's own host and port, {@code NONE} where there is no such cluster
   * @param endpoints in the order of the configuration, with their priority unless it is the first
   * @param balancing how one of them is picked, and by what
   * @param protocol {@code HTTP/2} where plain requests go by it; empty where the client chooses
   * @param connectTimeoutMillis 0 where there is no cluster
   * @param limits that a rule sets to connections, requests and retries, in words
   * @param ejection when an endpoint is left out for a while, in words; empty for never
   * @param tls by which plain requests go out, in words; {@code null} for plain text
   * @param missingStatus the answer where the cluster does not exist; 0 where it does
   * @param settledBy file and line of the DestinationRule, or of its subset; {@code null} for none
   */
  public record Destination(
      String cluster,
      String service,
      String subset,
      String discovery,
      List<String> endpoints,
      String balancing,
      String protocol,
      long connectTimeoutMillis,
      List<String> limits,
      List<String> ejection,
      @Nullable String tls,
      int missingStatus,
      @Nullable String settledBy) {}

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
   * @param waitMillis the first wait is by chance up to it; the bound doubles each time
   * @param maxWaitMillis where the bound stops
   * @param otherEndpoints whether endpoints are looked for that were not tried
   * @param otherLocalities whether the priorities that were tried are left after some tries
   * @param isDefault whether no rule asks for them: Istio's own
   */
  public record Retries(
      int attempts,
      List<String> on,
      long perTryTimeoutMillis,
      long waitMillis,
      long maxWaitMillis,
      boolean otherEndpoints,
      boolean otherLocalities,
      boolean isDefault) {}

  /** It is answered at once. */
  public record Answered(int status, String body, List<String> responseHeaders, String why)
      implements Outcome {}

  /** The caller is sent elsewhere. */
  public record Redirected(int status, String location, List<String> responseHeaders)
      implements Outcome {}
}
