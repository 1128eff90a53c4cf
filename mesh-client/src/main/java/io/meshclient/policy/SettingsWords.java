package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a cluster's settings come to, in words, for explanations. */
final class SettingsWords {
  private SettingsWords() {}

  /** The limits that a rule set; those that hold everywhere go without saying. */
  static List<String> limits(ClusterSettings settings) {
    List<String> words = new ArrayList<>();
    if (settings.connectTimeoutNanos() != ClusterSettings.DEFAULT_CONNECT_NANOS) {
      words.add("connects within " + time(settings.connectTimeoutNanos()));
    }
    PoolLimits pool = settings.pool();
    most(words, pool.maxConnections(), " connections");
    most(words, pool.maxPending(), " requests that wait for a connection");
    most(words, pool.maxRequests(), " requests at once");
    PoolLimits.RetryBudget budget = pool.retryBudget();
    if (budget == null) {
      most(words, pool.maxRetries(), " retries at once");
    } else {
      words.add(
          "retries at once up to "
              + Shares.words(budget.percent())
              + " of the requests under way, or "
              + budget.min());
    }
    lives(words, pool.life());
    keepalive(words, pool.keepalive());
    return words;
  }

  private static void lives(List<String> words, PoolLimits.Life life) {
    if (life.requests() > 0) {
      words.add("a connection carries " + life.requests() + " requests at most");
    }
    if (life.idle() > 0) {
      words.add("a connection ends that is idle for " + time(life.idle()));
    }
    if (life.age() > 0) {
      words.add("a connection ends after " + time(life.age()));
    }
  }

  private static void keepalive(List<String> words, PoolLimits.@Nullable Keepalive keepalive) {
    if (keepalive != null) {
      words.add(
          "TCP keep-alive: first probe after "
              + seconds(keepalive.seconds())
              + ", then each "
              + seconds(keepalive.interval())
              + ", "
              + (keepalive.probes() == 0 ? "the system's number" : keepalive.probes())
              + " of them");
    }
  }

  private static String seconds(int seconds) {
    return seconds == 0 ? "the system's time" : seconds + " s";
  }

  private static void most(List<String> words, int limit, String what) {
    if (limit != PoolLimits.UNLIMITED) {
      words.add("at most " + limit + what);
    }
  }

  /** Nothing where endpoints stay in whatever they answer. */
  static List<String> ejection(@Nullable Ejection ejection) {
    if (ejection == null) {
      return List.of();
    }
    String failures = "failures to connect, resets and timeouts";
    List<String> words = new ArrayList<>();
    String among = ejection.split() ? "" : ", " + failures + " among them";
    row(words, ejection.consecutive5xx(), "answers of 500 and above" + among);
    row(words, ejection.consecutiveGateway(), "answers of 502, 503 and 504" + among);
    row(words, ejection.consecutiveLocal(), failures);
    if (words.isEmpty()) {
      return List.of("never: nothing is counted");
    }
    words.add(
        "for "
            + time(ejection.base())
            + ", longer each time, "
            + time(ejection.max())
            + " at most; looked at each "
            + time(ejection.interval()));
    words.add("no more than " + ejection.maxPercent() + " % of the endpoints at once");
    return words;
  }

  private static void row(List<String> words, int count, String what) {
    if (count > 0) {
      words.add("after " + count + " in a row of " + what);
    }
  }

  /** How plain requests go out; {@code null} for plain text. */
  static @Nullable String tls(@Nullable Tls tls) {
    if (tls == null || (tls.mode() != TlsMode.SIMPLE && tls.mode() != TlsMode.MUTUAL)) {
      return null;
    }
    StringBuilder words = new StringBuilder(tls.mode().name());
    if (tls.mode() == TlsMode.MUTUAL && isSet(tls.clientCertificate())) {
      words.append(", as ").append(tls.clientCertificate());
    }
    if (isSet(tls.sni())) {
      words.append(", asks for ").append(tls.sni());
    }
    if (Boolean.TRUE.equals(tls.insecureSkipVerify())) {
      return words.append(", takes any certificate").toString();
    }
    String authorities = tls.caCertificates();
    boolean own = isSet(authorities) && !"system".equals(authorities);
    words.append(", trusts ").append(own ? authorities : "the JDK's authorities");
    if (!tls.subjectAltNames().isEmpty()) {
      words.append(", expects ").append(String.join(" or ", tls.subjectAltNames()));
    }
    return words.toString();
  }

  /** {@code 250 ms}, or {@code 2 s} where it is whole seconds. */
  static String time(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
