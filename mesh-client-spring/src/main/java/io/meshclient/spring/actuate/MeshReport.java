package io.meshclient.spring.actuate;

import io.meshclient.Decision;
import io.meshclient.EndpointReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that {@code /actuator/mesh} tells.
 *
 * @param mode which mesh is around, such as {@code istio}
 * @param basis what that rests on
 * @param evidence what was seen of it
 * @param ownership who does what, for plain requests to services
 * @param services by virtual host; one whose rules are the same on several ports is there once
 * @param destinations clusters with their endpoints
 * @param decisions the last ones, the latest first
 * @param problems of the configuration, with file and line
 */
record MeshReport(
    String mode,
    String basis,
    List<String> evidence,
    Map<String, String> ownership,
    List<Service> services,
    List<Destination> destinations,
    List<Breaker> breakers,
    List<Call> decisions,
    List<String> problems) {

  /**
   * A virtual host.
   *
   * @param ports on which it has these rules, in ascending order; {@code *} for all that have no
   *     others
   * @param domains the names it answers to
   */
  record Service(String name, List<String> ports, List<String> domains, List<Rule> rules) {}

  /** A rule, what it asks for, and where its requests go. */
  record Rule(String rule, String condition, List<Share> destinations) {}

  /**
   * One of the destinations of a rule.
   *
   * @param weight in percent, as the rule has it
   * @param calls how many the rule has led there
   * @param observed their share of the rule's calls in percent; {@code null} before the first
   */
  record Share(String cluster, double weight, long calls, @Nullable Double observed) {}

  /** A cluster. */
  record Destination(
      String cluster, String service, String subset, List<EndpointReport> endpoints) {}

  /** A circuit breaker. */
  record Breaker(String name, String state, long calls, long failures, long rejections) {}

  /** A call and why it went where it did. */
  record Call(
      Instant at,
      String request,
      @Nullable String rule,
      String condition,
      String cluster,
      String subset,
      @Nullable Double draw,
      int status,
      String flags,
      @Nullable String failure,
      double millis,
      List<Decision.Attempt> attempts,
      String explanation) {

    static Call of(Instant at, Decision decision) {
      return new Call(
          at,
          decision.method() + " " + decision.authority() + withoutQuery(decision.path()),
          decision.rule() == null ? null : decision.rule().toString(),
          decision.condition(),
          decision.cluster(),
          decision.subset(),
          Double.isNaN(decision.draw()) ? null : decision.draw(),
          decision.status(),
          decision.flags(),
          decision.failure(),
          decision.took().toNanos() / 1e6,
          decision.attempts(),
          explained(decision));
    }

    /** Tokens may be in a query. */
    private static String explained(Decision decision) {
      return decision.toString().replace(decision.path(), withoutQuery(decision.path()));
    }

    private static String withoutQuery(String path) {
      int query = path.indexOf('?');
      return query < 0 ? path : path.substring(0, query);
    }
  }
}
