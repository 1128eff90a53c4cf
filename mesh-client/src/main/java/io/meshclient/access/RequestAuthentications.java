package io.meshclient.access;

import io.meshclient.identity.IdentityException;
import io.meshclient.identity.JwkSet;
import io.meshclient.identity.JwkSetSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Location;
import io.meshclient.istio.Order;
import io.meshclient.istio.Problem;
import io.meshclient.istio.RequestAuthentication;
import io.meshclient.istio.RequestAuthentication.JwtRule;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the RequestAuthentications that are for a workload, as Istio's control plane does: all
 * of the mesh's root namespace and of its own that select it, their issuers in alphabetical order.
 */
final class RequestAuthentications {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Clock clock;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param problems what the documents say and cannot be carried out; the tokens are refused
   */
  record Compiled(TokenCheck check, List<Problem> problems) {}

  private RequestAuthentications(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param keys where keys are fetched; {@code null} if they are not to be: then no token is good
   *     that needs them
   */
  static Compiled compile(
      Configuration configuration,
      String namespace,
      Map<String, String> labels,
      Clock clock,
      @Nullable TokenKeys keys) {
    return new RequestAuthentications(clock).compile(rules(configuration, namespace, labels), keys);
  }

  static List<JwtRule> rules(
      Configuration configuration, String namespace, Map<String, String> labels) {
    String root = configuration.mesh().rootNamespace();
    List<RequestAuthentication> documents = new ArrayList<>();
    for (RequestAuthentication document :
        Order.oldestFirst(configuration.all(RequestAuthentication.class), namespace)) {
      if (Scope.reaches(document.metadata(), namespace, root)
          && isForSidecar(document.spec())
          && Scope.selects(document.spec().selector(), labels)) {
        documents.add(document);
      }
    }
    // The root namespace's come first where several are for one issuer.
    documents.sort(
        Comparator.comparing(document -> !document.metadata().namespaceOr(namespace).equals(root)));
    List<JwtRule> rules = new ArrayList<>();
    documents.forEach(document -> rules.addAll(document.spec().jwtRules()));
    rules.sort(Comparator.comparing(JwtRule::issuer));
    return rules;
  }

  private static boolean isForSidecar(RequestAuthentication.Spec spec) {
    return spec.targetRef() == null && spec.targetRefs().isEmpty();
  }

  private Compiled compile(List<JwtRule> rules, @Nullable TokenKeys keys) {
    Map<JwtRule, TokenKeys.Origin> origins = new HashMap<>();
    for (JwtRule rule : rules) {
      TokenKeys.Origin origin = isInline(rule) ? null : origin(rule);
      if (origin != null) {
        origins.put(rule, origin);
      }
    }
    Map<TokenKeys.Origin, JwkSetSource> sources =
        keys == null ? Map.of() : keys.retain(Set.copyOf(origins.values()));
    List<TokenRule> compiled = new ArrayList<>();
    for (JwtRule rule : rules) {
      IssuerKeys of = isInline(rule) ? inline(rule) : fetched(rule, origins, sources);
      compiled.add(new TokenRule(rule, of, clock));
    }
    TokenCheck check = compiled.isEmpty() ? TokenCheck.NONE : new Tokens(compiled);
    return new Compiled(check, List.copyOf(problems));
  }

  private static boolean isInline(JwtRule rule) {
    return rule.jwks() != null && !rule.jwks().isEmpty();
  }

  private IssuerKeys inline(JwtRule rule) {
    String jwks = rule.jwks();
    Location location = at(rule, "jwks");
    try {
      JwkSet keys = JwkSet.parse(jwks == null ? "" : jwks);
      keys.passedOver()
          .forEach(why -> problems.add(TokenProblems.KEY_PASSED_OVER.at(location, why)));
      return IssuerKeys.of(keys);
    } catch (IdentityException e) {
      problems.add(TokenProblems.UNREADABLE_KEYS.at(location, String.valueOf(e.getMessage())));
      return IssuerKeys.UNREADABLE;
    }
  }

  private static IssuerKeys fetched(
      JwtRule rule,
      Map<JwtRule, TokenKeys.Origin> origins,
      Map<TokenKeys.Origin, JwkSetSource> sources) {
    TokenKeys.Origin origin = origins.get(rule);
    JwkSetSource source = origin == null ? null : sources.get(origin);
    return source == null ? IssuerKeys.of(JwkSet.UNKNOWN) : IssuerKeys.of(source);
  }

  private TokenKeys.@Nullable Origin origin(JwtRule rule) {
    String jwksUri = rule.jwksUri();
    boolean discovered = jwksUri == null || jwksUri.isEmpty();
    Location location = at(rule, discovered ? "issuer" : "jwksUri");
    URI uri = uri(discovered ? rule.issuer() : jwksUri, location);
    Duration timeout = rule.timeout();
    return uri == null
        ? null
        : new TokenKeys.Origin(uri, discovered, timeout == null ? TIMEOUT : timeout);
  }

  private @Nullable URI uri(@Nullable String text, Location location) {
    try {
      URI uri = new URI(text == null ? "" : text);
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // It is said below.
    }
    problems.add(
        TokenProblems.NO_KEYS.at(
            location, "no address of http or https (expected: one that keys are fetched from)"));
    return null;
  }

  private static Location at(JwtRule rule, String field) {
    Location location = rule.location();
    return new Location(location.file(), location.line(), location.path() + "." + field);
  }
}
