package io.meshclient.policy;

import com.google.re2j.PatternSyntaxException;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.EnvoyFilter;
import io.meshclient.istio.EnvoyFilter.Patch;
import io.meshclient.istio.EnvoyFilter.Place;
import io.meshclient.istio.LabelSelector;
import io.meshclient.istio.Order;
import io.meshclient.policy.LocalRateLimit.Append;
import io.meshclient.policy.LocalRateLimit.Bucket;
import io.meshclient.policy.LocalRateLimit.Descriptor;
import io.meshclient.policy.LocalRateLimit.Entry;
import io.meshclient.policy.LocalRateLimit.Header;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the EnvoyFilters that select a workload into its local rate limits: those of the root
 * namespace first, then its own; within a namespace by priority, then the older first.
 */
final class LocalRateLimitCompiler {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 14;
  private static final int RESOURCE_EXHAUSTED = 8;

  private final Configuration configuration;
  private final Workload workload;
  private final Problems problems;

  LocalRateLimitCompiler(Configuration configuration, Workload workload, Problems problems) {
    this.configuration = configuration;
    this.workload = workload;
    this.problems = problems;
  }

  LocalRateLimits compile() {
    List<Patch> patches = new ArrayList<>();
    for (EnvoyFilter filter : selected()) {
      if (isSound(filter)) {
        patches.addAll(filter.patches());
      }
    }
    List<LocalRateLimits.OfPort> filters = new ArrayList<>();
    List<LocalRateLimits.OfPort> routes = new ArrayList<>();
    for (Place place : List.of(Place.HTTP_FILTER, Place.VIRTUAL_HOST, Place.HTTP_ROUTE)) {
      for (Patch patch : patches) {
        EnvoyFilter.LocalRateLimit limit = patch.limit();
        if (patch.place() == place && limit != null) {
          int port = patch.port() == null ? 0 : patch.port();
          (place == Place.HTTP_FILTER ? filters : routes)
              .add(new LocalRateLimits.OfPort(port, compile(limit, rules(limit, port, patches))));
        }
      }
    }
    return filters.isEmpty() ? LocalRateLimits.NONE : new LocalRateLimits(filters, routes);
  }

  private List<EnvoyFilter> selected() {
    String own = workload.namespace();
    String root = configuration.mesh().rootNamespace();
    List<EnvoyFilter> selected = new ArrayList<>();
    for (EnvoyFilter filter : Order.oldestFirst(configuration.all(EnvoyFilter.class), own)) {
      String namespace = filter.metadata().namespaceOr(own);
      LabelSelector selector = filter.workloadSelector();
      boolean selects = selector == null || selector.selects(workload.labels());
      if (selects && (namespace.equals(own) || namespace.equals(root))) {
        selected.add(filter);
      }
    }
    selected.sort(
        Comparator.comparing((EnvoyFilter f) -> !f.metadata().namespaceOr(own).equals(root))
            .thenComparing(EnvoyFilter::priority));
    return selected;
  }

  /** Whether its regular expressions are RE2. */
  private boolean isSound(EnvoyFilter filter) {
    boolean sound = true;
    for (Patch patch : filter.patches()) {
      List<EnvoyFilter.RateLimitRule> rules = new ArrayList<>(patch.rateLimits());
      if (patch.limit() != null) {
        rules.addAll(patch.limit().rateLimits());
      }
      for (EnvoyFilter.RateLimitRule rule : rules) {
        try {
          DescriptorActions.of(rule);
        } catch (PatternSyntaxException e) {
          problems.add(
              Problems.Code.BAD_REGEX,
              rule.location(),
              rule.location().path(),
              "\"" + e.getPattern() + "\": " + e.getDescription());
          problems.refuse(filter);
          sound = false;
        }
      }
    }
    return sound;
  }

  /** The limit's own rules, else those of the routes and virtual hosts that it meets. */
  private static List<List<DescriptorAction>> rules(
      EnvoyFilter.LocalRateLimit limit, int port, List<Patch> patches) {
    if (!limit.rateLimits().isEmpty()) {
      return actions(limit.rateLimits(), limit.stage());
    }
    List<EnvoyFilter.RateLimitRule> ofRoute = new ArrayList<>();
    List<EnvoyFilter.RateLimitRule> ofHost = new ArrayList<>();
    for (Patch patch : patches) {
      if (patch.port() == null || port == 0 || patch.port() == port) {
        (patch.place() == Place.HTTP_ROUTE ? ofRoute : ofHost).addAll(patch.rateLimits());
      }
    }
    EnvoyFilter.VhRateLimits option =
        Objects.requireNonNullElse(limit.vhRateLimits(), EnvoyFilter.VhRateLimits.OVERRIDE);
    boolean takesHost =
        option == EnvoyFilter.VhRateLimits.INCLUDE
            || option == EnvoyFilter.VhRateLimits.OVERRIDE && ofRoute.isEmpty();
    if (takesHost) {
      ofRoute.addAll(ofHost);
    }
    return actions(ofRoute, limit.stage());
  }

  private static List<List<DescriptorAction>> actions(
      List<EnvoyFilter.RateLimitRule> rules, int stage) {
    return rules.stream()
        .filter(rule -> rule.stage() == stage)
        .filter(rule -> rule.disableKey() == null || rule.disableKey().isEmpty())
        .map(DescriptorActions::of)
        .toList();
  }

  private static LocalRateLimit compile(
      EnvoyFilter.LocalRateLimit limit, List<List<DescriptorAction>> rules) {
    EnvoyFilter.TokenBucket bucket = limit.tokenBucket();
    int status = limit.status() == null ? 0 : limit.status().code();
    // One bucket for all connections is not what was asked for: rather none.
    boolean ofAll = !limit.localRateLimitPerDownstreamConnection();
    return new LocalRateLimit(
        bucket == null || !ofAll ? null : bucket(bucket),
        limit.descriptors().stream().map(LocalRateLimitCompiler::descriptor).toList(),
        rules,
        percent(limit.filterEnabled()),
        percent(limit.filterEnforced()),
        status < 400 ? TOO_MANY_REQUESTS : status,
        limit.responseHeadersToAdd().stream().map(LocalRateLimitCompiler::header).toList(),
        limit.enableXRatelimitHeaders() == EnvoyFilter.XRateLimitHeaders.DRAFT_VERSION_03,
        !Boolean.FALSE.equals(limit.alwaysConsumeDefaultTokenBucket()),
        limit.rateLimitedAsResourceExhausted() ? RESOURCE_EXHAUSTED : UNAVAILABLE);
  }

  private static Descriptor descriptor(EnvoyFilter.Descriptor descriptor) {
    List<Entry> entries =
        descriptor.entries().stream().map(entry -> new Entry(entry.key(), entry.value())).toList();
    return new Descriptor(entries, bucket(descriptor.tokenBucket()));
  }

  private static Bucket bucket(EnvoyFilter.TokenBucket bucket) {
    long perFill = bucket.tokensPerFill() == null ? 1 : bucket.tokensPerFill();
    return new Bucket(bucket.maxTokens(), perFill, bucket.fillInterval());
  }

  private static double percent(EnvoyFilter.@Nullable RuntimeFraction share) {
    EnvoyFilter.Fraction fraction = share == null ? null : share.defaultValue();
    if (fraction == null) {
      return 0; // Envoy's default, "for safety"
    }
    double whole =
        switch (Objects.requireNonNullElse(
            fraction.denominator(), EnvoyFilter.Denominator.HUNDRED)) {
          case HUNDRED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
        };
    return Math.min(100, 100 * fraction.numerator() / whole);
  }

  private static Header header(EnvoyFilter.HeaderOption option) {
    String value = Objects.requireNonNullElse(option.header().value(), "").replace("%%", "%");
    return new Header(option.header().key(), value, append(option));
  }

  private static Append append(EnvoyFilter.HeaderOption option) {
    if (option.append() != null) {
      return option.append() ? Append.BESIDE : Append.REPLACE;
    }
    EnvoyFilter.AppendAction action = option.appendAction();
    return switch (action == null ? EnvoyFilter.AppendAction.APPEND_IF_EXISTS_OR_ADD : action) {
      case APPEND_IF_EXISTS_OR_ADD -> Append.BESIDE;
      case ADD_IF_ABSENT -> Append.IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> Append.REPLACE;
      case OVERWRITE_IF_EXISTS -> Append.IF_PRESENT;
    };
  }
}
