package io.meshclient.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.meshclient.istio.HttpRoute;
import io.meshclient.istio.Location;
import io.meshclient.istio.Resource;
import io.meshclient.istio.StringMatch;
import io.meshclient.istio.VirtualService;
import io.meshclient.istio.VirtualService.HttpRule;
import io.meshclient.istio.VirtualService.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a VirtualService or an HTTPRoute only the engine can check: regular expressions and
 * command operators. One that fails is left out as a whole, as Istio's admission would refuse it;
 * and fields that this library reads but does not carry out are pointed out.
 */
final class EngineChecks {
  private final Problems problems;
  private boolean sound;

  EngineChecks(Problems problems) {
    this.problems = problems;
  }

  boolean isSound(VirtualService source) {
    sound = true;
    String takesAll = null;
    for (int i = 0; i < source.spec().http().size(); i++) {
      HttpRule rule = source.spec().http().get(i);
      String path = "http[" + i + "]";
      check(rule, path);
      if (takesAll != null) {
        problems.add(
            Problems.Code.UNREACHABLE_RULE,
            rule.location(),
            path,
            "is never reached: " + takesAll + " takes every request");
      } else if (takesAll(rule)) {
        takesAll = path;
      }
    }
    return verdict(source);
  }

  boolean isSound(HttpRoute source) {
    sound = true;
    for (int i = 0; i < source.spec().rules().size(); i++) {
      HttpRoute.Rule rule = source.spec().rules().get(i);
      for (int j = 0; j < rule.matches().size(); j++) {
        check(rule.matches().get(j), "rules[" + i + "].matches[" + j + "]");
      }
    }
    return verdict(source);
  }

  private boolean verdict(Resource source) {
    if (!sound) {
      problems.refuse(source);
    }
    return sound;
  }

  private void check(HttpRoute.Match match, String path) {
    HttpRoute.PathMatch ofPath = match.path();
    if (ofPath != null
        && ofPath.type() == HttpRoute.PathType.RegularExpression
        && ofPath.value() != null) {
      regex(ofPath.value(), match.location(), path + ".path.value");
    }
    values(match.headers(), match.location(), path + ".headers");
    values(match.queryParams(), match.location(), path + ".queryParams");
  }

  private void values(List<HttpRoute.ValueMatch> matches, Location location, String path) {
    for (int i = 0; i < matches.size(); i++) {
      HttpRoute.ValueMatch match = matches.get(i);
      if (match.type() == HttpRoute.ValueType.RegularExpression) {
        regex(match.value(), location, path + "[" + i + "].value");
      }
    }
  }

  /** Whether a rule takes every request of every caller: a delegate may take fewer. */
  private static boolean takesAll(HttpRule rule) {
    return rule.delegate() == null
        && (rule.match().isEmpty() || rule.match().stream().anyMatch(EngineChecks::takesAll));
  }

  private static boolean takesAll(Match match) {
    StringMatch uri = match.uri();
    return (uri == null || uri.isPresence() || "/".equals(uri.prefix()))
        && match.scheme() == null
        && match.method() == null
        && match.authority() == null
        && match.port() == null
        && match.sourceNamespace() == null
        && match.headers().isEmpty()
        && match.withoutHeaders().isEmpty()
        && match.queryParams().isEmpty()
        && match.sourceLabels().isEmpty()
        && match.gateways().isEmpty();
  }

  private void check(HttpRule rule, String path) {
    for (int i = 0; i < rule.match().size(); i++) {
      check(rule.match().get(i), path + ".match[" + i + "]");
    }
    if (rule.rewrite() != null && rule.rewrite().uriRegexRewrite() != null) {
      regex(
          rule.rewrite().uriRegexRewrite().match(),
          rule.location(),
          path + ".rewrite.uriRegexRewrite.match");
    }
    headers(rule.headers(), rule.location(), path);
    for (int i = 0; i < rule.route().size(); i++) {
      VirtualService.RouteDestination route = rule.route().get(i);
      headers(route.headers(), route.location(), path + ".route[" + i + "]");
    }
    notCarriedOut(rule, path);
  }

  private void notCarriedOut(HttpRule rule, String path) {
    List<String> fields = new ArrayList<>();
    VirtualService.Fault fault = rule.fault();
    if (fault != null && fault.delay() != null && fault.delay().exponentialDelay() != null) {
      fields.add("fault.delay.exponentialDelay");
    }
    if (fault != null && fault.abort() != null && fault.abort().http2Error() != null) {
      fields.add("fault.abort.http2Error");
    }
    if (rule.corsPolicy() != null) {
      fields.add("corsPolicy");
    }
    for (String field : fields) {
      problems.add(
          Problems.Code.NOT_CARRIED_OUT,
          rule.location(),
          path + "." + field,
          "is not carried out by this version; the rest of the rule is");
    }
  }

  private void check(Match match, String path) {
    regex(match.uri(), path + ".uri");
    regex(match.method(), path + ".method");
    regex(match.scheme(), path + ".scheme");
    regex(match.authority(), path + ".authority");
    regexes(match.headers(), path + ".headers");
    regexes(match.withoutHeaders(), path + ".withoutHeaders");
    regexes(match.queryParams(), path + ".queryParams");
  }

  private void regexes(Map<String, StringMatch> matches, String path) {
    matches.forEach((name, match) -> regex(match, path + "[" + name + "]"));
  }

  private void regex(@Nullable StringMatch match, String path) {
    if (match != null && match.regex() != null && !match.regex().equals("*")) {
      regex(match.regex(), match.location(), path + ".regex");
    }
  }

  private void regex(String expression, Location location, String path) {
    try {
      Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      sound = false;
      problems.add(
          Problems.Code.BAD_REGEX,
          location,
          path,
          "\"" + expression + "\": " + e.getDescription() + " (expected: an RE2 expression)");
    }
  }

  private void headers(VirtualService.@Nullable Headers headers, Location location, String path) {
    if (headers == null) {
      return;
    }
    values(headers.request(), location, path + ".headers.request");
    values(headers.response(), location, path + ".headers.response");
  }

  private void values(
      VirtualService.@Nullable HeaderOperations operations, Location location, String path) {
    if (operations == null) {
      return;
    }
    operations.set().forEach((name, value) -> value(value, location, path + ".set[" + name + "]"));
    operations.add().forEach((name, value) -> value(value, location, path + ".add[" + name + "]"));
  }

  private void value(String value, Location location, String path) {
    try {
      ValueTemplate.compile(value);
    } catch (IllegalArgumentException e) {
      sound = false;
      problems.add(Problems.Code.BAD_HEADER_VALUE, location, path, String.valueOf(e.getMessage()));
    }
  }
}
