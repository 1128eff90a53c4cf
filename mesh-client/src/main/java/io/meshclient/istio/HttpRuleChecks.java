package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio refuses of an HTTP rule. */
final class HttpRuleChecks {
  private static final Set<String> RETRY_ON =
      Set.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "retriable-4xx",
          "refused-stream",
          "retriable-status-codes",
          "retriable-headers",
          "envoy-ratelimited",
          "http3-post-connect-failure",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  private final Faults faults;

  HttpRuleChecks(Faults faults) {
    this.faults = faults;
  }

  void check(VirtualService.HttpRule rule, NodePath path) {
    action(rule, path);
    for (int i = 0; i < rule.match().size(); i++) {
      match(rule.match().get(i), path.to("match").to(i));
    }
    for (int i = 0; i < rule.route().size(); i++) {
      VirtualService.RouteDestination destination = rule.route().get(i);
      NodePath at = path.to("route").to(i);
      destination(destination.destination(), at.to("destination"));
      headers(destination.headers(), at.to("headers"));
    }
    weights(rule.route(), path.to("route"));
    headers(rule.headers(), path.to("headers"));
    retries(rule.retries(), path.to("retries"));
    mirrors(rule, path);
    FaultChecks.check(rule, path, faults);
  }

  /** Shares that add up to nothing send no request anywhere. */
  void weights(List<VirtualService.RouteDestination> route, NodePath path) {
    boolean none = route.stream().allMatch(destination -> destination.weight() == 0);
    if (route.size() > 1 && none) {
      faults.error(Code.NO_WEIGHT, path, "every weight is 0 (expected: one above 0)");
    }
  }

  private void action(VirtualService.HttpRule rule, NodePath path) {
    List<String> actions = new ArrayList<>();
    add(actions, "route", rule.route().isEmpty() ? null : rule.route());
    add(actions, "redirect", rule.redirect());
    add(actions, "directResponse", rule.directResponse());
    add(actions, "delegate", rule.delegate());
    String expected = "(expected: exactly one of route, redirect, directResponse, delegate)";
    if (actions.isEmpty()) {
      faults.error(Code.RULE_ACTION, path, "no action " + expected);
    } else if (actions.size() > 1) {
      faults.error(Code.RULE_ACTION, path, String.join(" and ", actions) + " " + expected);
    }
    VirtualService.Rewrite rewrite = rule.rewrite();
    if (rewrite != null && (rule.redirect() != null || rule.directResponse() != null)) {
      String other = rule.redirect() != null ? "redirect" : "directResponse";
      contradiction(path, "rewrite and " + other, "one of both");
    }
    if (rewrite != null && rewrite.uri() != null && rewrite.uriRegexRewrite() != null) {
      contradiction(path.to("rewrite"), "uri and uriRegexRewrite", "one of both");
    }
    VirtualService.Redirect redirect = rule.redirect();
    boolean empty =
        redirect != null
            && redirect.uri() == null
            && redirect.authority() == null
            && redirect.port() == null
            && redirect.derivePort() == null
            && redirect.scheme() == null;
    if (empty) {
      faults.error(
          Code.MISSING, path.to("redirect"), "empty (expected: uri, authority, scheme or port)");
    }
  }

  private void match(VirtualService.Match match, NodePath path) {
    StringMatch uri = match.uri();
    if (uri != null && uri.prefix() != null && uri.prefix().isEmpty()) {
      faults.error(
          Code.EMPTY_MATCH, path.to("uri").to("prefix"), "\"\" (expected: a prefix, such as /)");
    }
    names(match.headers(), path.to("headers"));
    names(match.withoutHeaders(), path.to("withoutHeaders"));
  }

  private void names(Map<String, StringMatch> headers, NodePath path) {
    for (String name : headers.keySet()) {
      // Of a token's claims, and a pseudo-header, which Istio takes too.
      boolean special = name.startsWith("@") || name.startsWith(":");
      if (!(special ? name.length() > 1 : Names.isHeader(name))) {
        badHeader(name, path.to(name));
      }
    }
  }

  private void headers(VirtualService.@Nullable Headers headers, NodePath path) {
    if (headers != null) {
      operations(headers.request(), path.to("request"));
      operations(headers.response(), path.to("response"));
    }
  }

  private void operations(VirtualService.@Nullable HeaderOperations operations, NodePath path) {
    if (operations == null) {
      return;
    }
    values(operations.set(), path.to("set"));
    values(operations.add(), path.to("add"));
    for (int i = 0; i < operations.remove().size(); i++) {
      String name = operations.remove().get(i);
      if (!Names.isHeader(name)) {
        badHeader(name, path.to("remove").to(i));
      }
    }
  }

  private void values(Map<String, String> headers, NodePath path) {
    headers.forEach(
        (name, value) -> {
          if (!Names.isHeader(name) && !name.equals(":authority")) {
            badHeader(name, path.to(name));
          } else if (!Names.isHeaderValue(value)) {
            String shown = '"' + Values.printable(value) + '"';
            faults.error(Code.BAD_HEADER, path.to(name), shown + " (expected: one line)");
          }
        });
  }

  private void badHeader(String name, NodePath path) {
    String shown = '"' + Values.printable(name) + '"';
    faults.error(Code.BAD_HEADER, path, shown + " (expected: the name of a header)");
  }

  private void retries(VirtualService.@Nullable Retries retries, NodePath path) {
    if (retries == null) {
      return;
    }
    boolean more =
        retries.perTryTimeout() != null
            || retries.retryOn() != null
            || retries.retryRemoteLocalities() != null;
    if (retries.attempts() == 0 && more) {
      // Istio's control plane takes it, and retries nothing: no reason to drop the whole rule.
      faults.warning(
          Code.CONTRADICTION,
          path,
          "no attempts, and other settings (expected: attempts above 0, or nothing else)");
    }
    String conditions = retries.retryOn() == null ? "" : retries.retryOn();
    for (String condition : conditions.split(",", -1)) {
      String name = condition.strip();
      if (!name.isEmpty() && !RETRY_ON.contains(name) && !isStatus(name)) {
        faults.error(
            Code.UNKNOWN_VALUE,
            path.to("retryOn"),
            '"'
                + Values.printable(name)
                + "\" (expected: Envoy's retry conditions, or a status)"
                + Near.hint(name, RETRY_ON));
      }
    }
  }

  private static boolean isStatus(String text) {
    return text.length() == 3 && text.chars().allMatch(Names::isDigit);
  }

  private void mirrors(VirtualService.HttpRule rule, NodePath path) {
    if (rule.mirror() != null) {
      destination(rule.mirror(), path.to("mirror"));
      if (!rule.mirrors().isEmpty()) {
        contradiction(path, "mirror and mirrors", "one of both");
      }
    }
    for (int i = 0; i < rule.mirrors().size(); i++) {
      destination(rule.mirrors().get(i).destination(), path.to("mirrors").to(i).to("destination"));
    }
  }

  private void destination(VirtualService.Destination destination, NodePath path) {
    NodePath host = path.to("host");
    if (destination.host().equals("*")) {
      faults.error(Code.BAD_HOST, host, "\"*\" (expected: one host)");
    } else {
      Checks.host(faults, destination.host(), host);
    }
  }

  private void contradiction(NodePath path, String what, String expected) {
    faults.error(Code.CONTRADICTION, path, what + " (expected: " + expected + ")");
  }

  private static void add(List<String> names, String name, @Nullable Object value) {
    if (value != null) {
      names.add(name);
    }
  }
}
