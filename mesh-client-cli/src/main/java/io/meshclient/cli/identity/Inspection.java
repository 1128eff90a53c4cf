package io.meshclient.cli.identity;

import io.meshclient.identity.BundleSet;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import io.meshclient.identity.SvidRejection;
import io.meshclient.identity.TrustBundle;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.X509Svid;
import java.io.PrintWriter;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Shows identities as text, and collects what is wrong with them. */
final class Inspection {
  private final PrintWriter out;
  private final Clock clock;
  private final List<String> problems = new ArrayList<>();

  Inspection(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * A chain and what it proves.
   *
   * @param hint what it is for; empty if nothing is said
   */
  void chain(List<X509Certificate> chain, BundleSet bundles, String hint) {
    String verdict;
    String name = "certificate";
    try {
      SpiffeId id = X509Svid.verify(chain, bundles, clock);
      name = id.toString();
      verdict = "vouched for by the bundle of " + id.trustDomain();
    } catch (SvidRejectedException e) {
      SpiffeId claimed = e.id();
      name = claimed == null ? name : claimed.toString();
      boolean unknown = e.reason() == SvidRejection.NO_BUNDLE && bundles.trustDomains().isEmpty();
      verdict =
          unknown ? "not checked: no bundle" : "refused, " + e.reason() + ": " + e.getMessage();
      if (!unknown) {
        problems.add(e.reason() + ": " + e.getMessage());
      }
    }
    out.println("SVID  " + name + (hint.isEmpty() ? "" : "  (hint " + hint + ")"));
    if (!chain.isEmpty()) {
      out.println(
          "  chain    " + chain.size() + (chain.size() == 1 ? " certificate" : " certificates"));
      out.println("  key      " + chain.get(0).getPublicKey().getAlgorithm());
      out.println("  valid    " + validity(chain));
    }
    out.println("  trust    " + verdict);
  }

  void bundles(BundleSet bundles) {
    for (TrustDomain trustDomain : bundles.trustDomains()) {
      TrustBundle bundle = bundles.bundle(trustDomain);
      if (bundle != null) {
        bundle(bundle);
      }
    }
  }

  private void bundle(TrustBundle bundle) {
    out.println("bundle  " + bundle.trustDomain());
    for (X509Certificate authority : bundle.x509Authorities()) {
      out.println("  authority  " + authority.getSubjectX500Principal());
      out.println("             " + validity(List.of(authority)));
      if (clock.instant().isAfter(authority.getNotAfter().toInstant())) {
        problems.add("bundle of " + bundle.trustDomain() + ": an expired authority");
      }
    }
    for (var key : bundle.jwtAuthorities().entrySet()) {
      out.println("  token key  " + key.getKey() + ", " + key.getValue().getAlgorithm());
    }
  }

  private String validity(List<X509Certificate> chain) {
    Instant from =
        chain.stream().map(c -> c.getNotBefore().toInstant()).max(Instant::compareTo).orElseThrow();
    Instant to =
        chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    Duration left = Duration.between(clock.instant(), to);
    return from + " to " + to + ", " + (left.isNegative() ? "expired" : shown(left) + " left");
  }

  private static String shown(Duration left) {
    if (left.toDays() > 1) {
      return left.toDays() + " days";
    }
    return left.toMinutes() > 1 ? left.toMinutes() + " min" : left.toSeconds() + " s";
  }

  /** Says what is wrong. */
  boolean hasProblems() {
    out.println(problems.isEmpty() ? "no problems" : "problems");
    problems.forEach(problem -> out.println("  " + problem));
    out.flush();
    return !problems.isEmpty();
  }
}
