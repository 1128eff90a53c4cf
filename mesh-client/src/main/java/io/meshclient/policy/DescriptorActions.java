package io.meshclient.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.meshclient.istio.EnvoyFilter;
import io.meshclient.policy.DescriptorAction.HeaderTest;
import io.meshclient.policy.DescriptorAction.HeaderTest.How;
import io.meshclient.policy.LocalRateLimit.Entry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles by what requests are told apart, with Envoy's defaults filled in. */
final class DescriptorActions {

  private DescriptorActions() {}

  /**
   * The actions of a rule, in order.
   *
   * @throws PatternSyntaxException if a regular expression is not RE2
   */
  static List<DescriptorAction> of(EnvoyFilter.RateLimitRule rule) {
    return rule.actions().stream().map(DescriptorActions::action).toList();
  }

  private static DescriptorAction action(EnvoyFilter.Action action) {
    EnvoyFilter.GenericKey generic = action.genericKey();
    if (generic != null) {
      String key = Objects.requireNonNullElse(generic.descriptorKey(), "generic_key");
      return new DescriptorAction.Generic(new Entry(key, generic.descriptorValue()));
    }
    EnvoyFilter.RequestHeaders header = action.requestHeaders();
    if (header != null) {
      return new DescriptorAction.OfHeader(
          header.headerName().toLowerCase(Locale.ROOT),
          header.descriptorKey(),
          header.skipIfAbsent());
    }
    EnvoyFilter.HeaderValueMatch match = action.headerValueMatch();
    if (match != null) {
      String key = Objects.requireNonNullElse(match.descriptorKey(), "header_match");
      return new DescriptorAction.IfHeaders(
          new Entry(key, match.descriptorValue()),
          match.expectMatch() == null || match.expectMatch(),
          match.headers().stream().map(DescriptorActions::test).toList());
    }
    return new DescriptorAction.RemoteAddress();
  }

  private static HeaderTest test(EnvoyFilter.HeaderMatcher header) {
    EnvoyFilter.TextMatch text = header.stringMatch();
    boolean not = header.invertMatch() ^ Boolean.FALSE.equals(header.presentMatch());
    if (header.exactMatch() != null) {
      return test(header, How.EXACT, header.exactMatch(), false, not);
    }
    if (header.prefixMatch() != null) {
      return test(header, How.PREFIX, header.prefixMatch(), false, not);
    }
    if (text == null) {
      return test(header, How.PRESENT, null, false, not);
    }
    boolean anyCase = text.ignoreCase();
    if (text.exact() != null) {
      return test(header, How.EXACT, text.exact(), anyCase, not);
    }
    if (text.prefix() != null) {
      return test(header, How.PREFIX, text.prefix(), anyCase, not);
    }
    if (text.suffix() != null) {
      return test(header, How.SUFFIX, text.suffix(), anyCase, not);
    }
    if (text.contains() != null) {
      return test(header, How.CONTAINS, text.contains(), anyCase, not);
    }
    if (text.safeRegex() != null) {
      Pattern regex = Pattern.compile(text.safeRegex().regex());
      return new HeaderTest(nameOf(header), How.REGEX, null, regex, false, not);
    }
    return test(header, How.PRESENT, null, false, not);
  }

  private static HeaderTest test(
      EnvoyFilter.HeaderMatcher header, How how, @Nullable String text, boolean any, boolean not) {
    return new HeaderTest(nameOf(header), how, text, null, any, not);
  }

  private static String nameOf(EnvoyFilter.HeaderMatcher header) {
    return header.name().toLowerCase(Locale.ROOT);
  }
}
