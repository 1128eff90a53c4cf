package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.DescriptorAction;
import io.meshclient.policy.DescriptorAction.HeaderTest;
import io.meshclient.policy.LocalRateLimit;
import io.meshclient.policy.LocalRateLimit.Bucket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes local rate limits: Envoy's filter {@code local_ratelimit}. */
final class RateLimitFilter {
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final long UNLIMITED = 0xFFFFFFFFL;

  private RateLimitFilter() {}

  static JsonObject of(LocalRateLimit limit) {
    return Json.extension(
        "envoy.filters.http.local_ratelimit",
        "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        "stat_prefix",
        "http_local_rate_limiter",
        "token_bucket",
        bucket(limit.bucket()),
        "filter_enabled",
        share(limit.enabledPercent()),
        "filter_enforced",
        share(limit.enforcedPercent()),
        "status",
        Json.object("code", limit.status()),
        "response_headers_to_add",
        Json.arrayOrNull(limit.headers().stream().map(RateLimitFilter::header).toList()),
        "descriptors",
        Json.arrayOrNull(limit.descriptors().stream().map(RateLimitFilter::descriptor).toList()),
        "rate_limits",
        Json.arrayOrNull(
            limit.rules().stream()
                .map(
                    rule ->
                        Json.object("actions", rule.stream().map(RateLimitFilter::action).toList()))
                .toList()),
        "enable_x_ratelimit_headers",
        limit.xRateLimitHeaders() ? "DRAFT_VERSION_03" : null,
        "always_consume_default_token_bucket",
        limit.alwaysUsesBucket(),
        "rate_limited_as_resource_exhausted",
        limit.grpcStatus() == RESOURCE_EXHAUSTED ? true : null);
  }

  /** Descriptors need a bucket beside them: one that is never empty where there is none. */
  private static JsonObject bucket(@Nullable Bucket bucket) {
    return bucket == null
        ? Json.object("max_tokens", UNLIMITED, "tokens_per_fill", UNLIMITED, "fill_interval", "1s")
        : Json.object(
            "max_tokens",
            bucket.maxTokens(),
            "tokens_per_fill",
            bucket.tokensPerFill(),
            "fill_interval",
            Json.duration(bucket.fillInterval().toNanos()));
  }

  private static JsonObject share(double percent) {
    return Json.object("default_value", Json.fraction(percent));
  }

  private static JsonObject header(LocalRateLimit.Header header) {
    String action =
        switch (header.append()) {
          case BESIDE -> "APPEND_IF_EXISTS_OR_ADD";
          case IF_ABSENT -> "ADD_IF_ABSENT";
          case REPLACE -> "OVERWRITE_IF_EXISTS_OR_ADD";
          case IF_PRESENT -> "OVERWRITE_IF_EXISTS";
        };
    String value = header.value().replace("%", "%%");
    return Json.object(
        "header", Json.object("key", header.name(), "value", value), "append_action", action);
  }

  private static JsonObject descriptor(LocalRateLimit.Descriptor descriptor) {
    return Json.object(
        "entries",
        descriptor.entries().stream()
            .map(entry -> Json.object("key", entry.key(), "value", entry.value()))
            .toList(),
        "token_bucket",
        bucket(descriptor.bucket()));
  }

  private static JsonObject action(DescriptorAction action) {
    if (action instanceof DescriptorAction.Generic generic) {
      return Json.object(
          "generic_key",
          Json.object(
              "descriptor_key",
              generic.entry().key(),
              "descriptor_value",
              generic.entry().value()));
    }
    if (action instanceof DescriptorAction.OfHeader header) {
      return Json.object(
          "request_headers",
          Json.object(
              "header_name",
              header.header(),
              "descriptor_key",
              header.key(),
              "skip_if_absent",
              header.mayLack()));
    }
    if (action instanceof DescriptorAction.IfHeaders match) {
      return Json.object(
          "header_value_match",
          Json.object(
              "descriptor_key",
              match.entry().key(),
              "descriptor_value",
              match.entry().value(),
              "expect_match",
              match.expected(),
              "headers",
              match.tests().stream().map(RateLimitFilter::test).toList()));
    }
    return Json.object("remote_address", new JsonObject());
  }

  private static JsonObject test(HeaderTest test) {
    JsonObject json = Json.object("name", test.header(), "invert_match", test.not() ? true : null);
    if (test.how() == HeaderTest.How.PRESENT) {
      json.addProperty("present_match", true);
    } else if (test.regex() != null) {
      json.add("string_match", Texts.regex(test.regex().pattern()));
    } else {
      String how = test.how().name().toLowerCase(Locale.ROOT);
      json.add(
          "string_match",
          Json.object(
              how, String.valueOf(test.text()), "ignore_case", test.ignoreCase() ? true : null));
    }
    return json;
  }
}
