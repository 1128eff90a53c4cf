package io.meshclient.cli.explain;

import io.meshclient.access.AccessExplanation;
import io.meshclient.access.AccessExplanation.Step;
import io.meshclient.access.AccessVerdict;
import io.meshclient.access.HeaderLine;
import io.meshclient.istio.Location;
import java.util.ArrayList;
import java.util.List;

/** The verdict on a request that comes in, for people. */
final class InboundText {

  private InboundText() {}

  static String write(AskedInbound asked, AccessExplanation explanation, Palette palette) {
    List<String> lines = new ArrayList<>();
    AccessVerdict verdict = explanation.verdict();
    lines.add(palette.heading(asked.method() + " " + asked.request().url()) + " " + caller(asked));
    lines.add("");
    Columns facts = new Columns();
    facts.add(text -> text, "port", port(asked, explanation));
    if (verdict.requestPrincipal() != null) {
      facts.add(text -> text, "token", verdict.requestPrincipal());
    }
    if (verdict.changes().target() != null) {
      facts.add(text -> text, "goes on as", path(verdict.changes().target()));
    }
    lines.addAll(facts.lines());
    if (!explanation.steps().isEmpty()) {
      lines.add("rules");
      rules(explanation, palette).lines().forEach(line -> lines.add("  " + line));
    }
    lines.add(verdict.allowed() ? palette.good(allowed(verdict)) : palette.bad(denied(verdict)));
    verdict.reasons().forEach(reason -> lines.add("  " + reason));
    return String.join("\n", lines) + "\n";
  }

  private static String caller(AskedInbound asked) {
    return asked.connection().peer() == null ? "in plaintext" : "from " + asked.connection().peer();
  }

  private static String port(AskedInbound asked, AccessExplanation explanation) {
    return asked.connection().port() + ", PeerAuthentication " + explanation.peerMode();
  }

  /** A query may hold a token. */
  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static Columns rules(AccessExplanation explanation, Palette palette) {
    Columns columns = new Columns();
    for (Step step : explanation.steps()) {
      String failure = step.failure();
      columns.add(
          failure == null ? palette::good : palette::aside,
          failure == null ? "yes" : "no",
          step.action(),
          step.location().fileAndLine(),
          step.rule(),
          failure == null ? "matches" : failure);
    }
    return columns;
  }

  private static String allowed(AccessVerdict verdict) {
    String audited = verdict.audited() ? ", and noted by an AUDIT policy" : "";
    return "allowed" + by(verdict, ", for no ALLOW policy is for this workload") + audited;
  }

  /** The status with what says why, to a client of HTTP or of gRPC. */
  private static String words(AccessVerdict.Refusal refusal) {
    StringBuilder words = new StringBuilder().append(refusal.status());
    if (!refusal.body().isEmpty()) {
      words.append(' ').append(refusal.body());
    }
    for (HeaderLine line : refusal.headers()) {
      if (line.name().startsWith("grpc-")) {
        words.append(", ").append(line.name()).append(": ").append(line.value());
      }
    }
    return words.toString();
  }

  private static String denied(AccessVerdict verdict) {
    AccessVerdict.Refusal refusal = verdict.refusal();
    String answer =
        refusal == null || verdict.peerRefused() ? "the connection is cut" : words(refusal);
    return "denied" + by(verdict, "") + ": " + answer;
  }

  private static String by(AccessVerdict verdict, String otherwise) {
    Location at = verdict.location();
    return at == null ? otherwise : " by " + verdict.rule() + " (" + at.fileAndLine() + ")";
  }
}
