package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io EnvoyFilter}: of it the local rate limits of inbound HTTP requests, as
 * Istio's documentation sets them up ("Enabling rate limits using Envoy"). Whatever else it patches
 * concerns proxies alone, and is not among the patches here.
 *
 * @param workloadSelector {@code null} for all workloads of the namespace, or of the mesh where
 *     that is the root namespace
 * @param priority those with less come first
 */
public record EnvoyFilter(
    ObjectMeta metadata,
    @Nullable LabelSelector workloadSelector,
    int priority,
    List<Patch> patches,
    Location location)
    implements Resource {

  /** What a patch changes. */
  public enum Place {
    /** The HTTP filters of a listener: whether there is a limit, and the one for all requests. */
    HTTP_FILTER,
    VIRTUAL_HOST,
    HTTP_ROUTE
  }

  /**
   * One patch.
   *
   * @param port the service's port that it is for; {@code null} for all
   * @param limit {@code null} where it only says by what requests are told apart
   * @param rateLimits by what requests are told apart
   */
  public record Patch(
      Place place,
      @Nullable Integer port,
      @Nullable LocalRateLimit limit,
      List<RateLimitRule> rateLimits,
      Location location) {}

  /** {@code envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit}. */
  public record LocalRateLimit(
      @Required String statPrefix,
      @Nullable HttpStatus status,
      @Nullable TokenBucket tokenBucket,
      @Nullable RuntimeFraction filterEnabled,
      @Nullable RuntimeFraction filterEnforced,
      List<HeaderOption> requestHeadersToAddWhenNotEnforced,
      List<HeaderOption> responseHeadersToAdd,
      List<Descriptor> descriptors,
      @Range(min = 0, max = 10) int stage,
      boolean localRateLimitPerDownstreamConnection,
      @Nullable Object localClusterRateLimit,
      @Nullable XRateLimitHeaders enableXRatelimitHeaders,
      @Nullable VhRateLimits vhRateLimits,
      @Nullable Boolean alwaysConsumeDefaultTokenBucket,
      boolean rateLimitedAsResourceExhausted,
      List<RateLimitRule> rateLimits,
      Location location) {}

  public record HttpStatus(@Range(min = 0, max = 599) int code) {}

  /**
   * Tokens that come in.
   *
   * @param tokensPerFill absent means 1
   */
  public record TokenBucket(
      @Required @Range(min = 1, max = 4_294_967_295L) long maxTokens,
      @Nullable @Range(min = 1, max = 4_294_967_295L) Long tokensPerFill,
      @Required @Range(min = 50, max = 31_536_000_000L) Duration fillInterval) {}

  /**
   * A share of the requests.
   *
   * @param runtimeKey by which it could be changed in a running Envoy
   */
  public record RuntimeFraction(@Nullable Fraction defaultValue, @Nullable String runtimeKey) {}

  /**
   * Absent, and without a denominator, of a hundred.
   *
   * @param numerator beyond the denominator means all
   */
  public record Fraction(
      @Range(min = 0, max = 4_294_967_295L) long numerator, @Nullable Denominator denominator) {}

  public enum Denominator {
    HUNDRED,
    TEN_THOUSAND,
    MILLION
  }

  public enum XRateLimitHeaders {
    OFF,
    DRAFT_VERSION_03
  }

  /** Whether what the virtual host says counts besides what the route says. */
  public enum VhRateLimits {
    OVERRIDE,
    INCLUDE,
    IGNORE
  }

  /** A bucket for the requests that are told apart by all of these entries. */
  public record Descriptor(@Required List<Entry> entries, @Required TokenBucket tokenBucket) {}

  public record Entry(@Required String key, @Required String value) {}

  /**
   * A header for the answer.
   *
   * @param append absent means true, unless there is an action
   */
  @AtMostOne({"append", "appendAction"})
  public record HeaderOption(
      @Required HeaderValue header,
      @Nullable Boolean append,
      @Nullable AppendAction appendAction,
      boolean keepEmptyValue) {}

  public record HeaderValue(@Required String key, @Nullable String value) {}

  public enum AppendAction {
    APPEND_IF_EXISTS_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_IF_EXISTS_OR_ADD,
    OVERWRITE_IF_EXISTS
  }

  /**
   * By what requests are told apart: one entry of a descriptor for each action.
   *
   * @param disableKey a runtime key; a rule that has one does nothing here
   */
  public record RateLimitRule(
      @Range(min = 0, max = 10) int stage,
      @Nullable String disableKey,
      @Required List<Action> actions,
      Location location) {}

  @AtMostOne({"genericKey", "requestHeaders", "headerValueMatch", "remoteAddress"})
  public record Action(
      @Nullable GenericKey genericKey,
      @Nullable RequestHeaders requestHeaders,
      @Nullable HeaderValueMatch headerValueMatch,
      @Nullable RemoteAddress remoteAddress) {}

  /**
   * The same entry for each request.
   *
   * @param descriptorKey absent means {@code generic_key}
   */
  public record GenericKey(@Nullable String descriptorKey, @Required String descriptorValue) {}

  /**
   * The value of a header.
   *
   * @param headerName {@code :path}, {@code :method} and {@code :authority} too
   */
  public record RequestHeaders(
      @Required String headerName, @Required String descriptorKey, boolean skipIfAbsent) {}

  /**
   * Whether headers are as they are said to be.
   *
   * @param descriptorKey absent means {@code header_match}
   * @param expectMatch absent means true
   */
  public record HeaderValueMatch(
      @Nullable String descriptorKey,
      @Required String descriptorValue,
      @Nullable Boolean expectMatch,
      @Required List<HeaderMatcher> headers) {}

  /** The caller's address, under the key {@code remote_address}. */
  public record RemoteAddress() {}

  /**
   * A condition on a header; with no match at all that it is there.
   *
   * @param invertMatch of a header that is there; one that is not never fits, unless its presence
   *     is asked for
   */
  @AtMostOne({"stringMatch", "presentMatch", "exactMatch", "prefixMatch"})
  public record HeaderMatcher(
      @Required String name,
      @Nullable TextMatch stringMatch,
      @Nullable Boolean presentMatch,
      @Nullable String exactMatch,
      @Nullable String prefixMatch,
      boolean invertMatch) {}

  @AtMostOne({"exact", "prefix", "suffix", "contains", "safeRegex"})
  public record TextMatch(
      @Nullable String exact,
      @Nullable String prefix,
      @Nullable String suffix,
      @Nullable String contains,
      @Nullable SafeRegex safeRegex,
      boolean ignoreCase) {}

  /** An RE2 expression that matches the whole value. */
  public record SafeRegex(@Required String regex, @Nullable Object googleRe2) {}
}
