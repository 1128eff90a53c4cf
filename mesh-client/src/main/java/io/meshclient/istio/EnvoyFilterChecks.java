package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Envoy refuses of a local rate limit, and what of it cannot be had outside of Envoy. */
final class EnvoyFilterChecks {
  private static final double LONGEST_MILLIS = 31_536_000_000.0;

  private final Faults faults;

  EnvoyFilterChecks(Faults faults) {
    this.faults = faults;
  }

  void passedOver(NodePath path, String why) {
    faults.warning(Code.PASSED_OVER, path, why + ": passed over");
  }

  /**
   * Checks one limit.
   *
   * @param needsBucket as that of a route does
   */
  void check(EnvoyFilter.LocalRateLimit limit, NodePath path, boolean needsBucket) {
    EnvoyFilter.TokenBucket bucket = limit.tokenBucket();
    if (bucket == null && (needsBucket || !limit.descriptors().isEmpty())) {
      String expected = "missing (expected: the bucket of requests that no descriptor takes)";
      faults.error(Code.MISSING, path.to("token_bucket"), expected);
    }
    bucket(bucket, path.to("token_bucket"));
    NodePath descriptors = path.to("descriptors");
    for (int i = 0; i < limit.descriptors().size(); i++) {
      bucket(limit.descriptors().get(i).tokenBucket(), descriptors.to(i).to("token_bucket"));
    }
    Checks.distinct(faults, limit.descriptors(), EnvoyFilter.Descriptor::entries, descriptors::to);
    headers(limit.responseHeadersToAdd(), path.to("response_headers_to_add"));
    notCarriedOut(limit, path);
  }

  private void bucket(EnvoyFilter.@Nullable TokenBucket bucket, NodePath path) {
    if (bucket == null) {
      return;
    }
    long perFill = bucket.tokensPerFill() == null ? 1 : bucket.tokensPerFill();
    double toFill = (double) bucket.maxTokens() * bucket.fillInterval().toMillis() / perFill;
    if (toFill > LONGEST_MILLIS) {
      faults.error(
          Code.OUT_OF_RANGE,
          path.to("max_tokens"),
          bucket.maxTokens() + " (expected: what comes in within 365 days)");
    }
  }

  private void headers(List<EnvoyFilter.HeaderOption> headers, NodePath path) {
    for (int i = 0; i < headers.size(); i++) {
      EnvoyFilter.HeaderValue header = headers.get(i).header();
      String value = header.value() == null ? "" : header.value();
      NodePath at = path.to(i).to("header");
      boolean isToken = header.key().chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
      if (!isToken || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
        String shown = '"' + Values.printable(header.key()) + '"';
        faults.error(Code.BAD_HEADER, at, shown + " (expected: the name of a header, and a line)");
      }
      if (value.replace("%%", "").indexOf('%') >= 0) {
        faults.warning(
            Code.PASSED_OVER,
            at.to("value"),
            "command operators are not carried out here: the value goes out as it is");
      }
    }
  }

  private void notCarriedOut(EnvoyFilter.LocalRateLimit limit, NodePath path) {
    if (limit.localRateLimitPerDownstreamConnection()) {
      passedOver(
          path.to("local_rate_limit_per_downstream_connection"),
          "connections are not told apart here, nothing is limited by it");
    }
    if (limit.localClusterRateLimit() != null) {
      passedOver(path.to("local_cluster_rate_limit"), "other instances are not known here");
    }
    if (!limit.requestHeadersToAddWhenNotEnforced().isEmpty()) {
      passedOver(
          path.to("request_headers_to_add_when_not_enforced"), "requests are not changed here");
    }
  }
}
