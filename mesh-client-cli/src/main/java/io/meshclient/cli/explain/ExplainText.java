package io.meshclient.cli.explain;

import io.meshclient.istio.Problem;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Owner;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Explanation;
import io.meshclient.policy.Explanation.Answered;
import io.meshclient.policy.Explanation.Destination;
import io.meshclient.policy.Explanation.Forwarded;
import io.meshclient.policy.Explanation.Redirected;
import io.meshclient.policy.Explanation.Retries;
import io.meshclient.policy.Explanation.Share;
import io.meshclient.policy.Explanation.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An explanation for people, in the order in which things are decided. */
final class ExplainText {
  private static final int LABEL_WIDTH = 15;

  private final Palette palette;
  private final StringBuilder out = new StringBuilder();

  private ExplainText(Palette palette) {
    this.palette = palette;
  }

  static String write(Explained explained, Palette palette) {
    ExplainText text = new ExplainText(palette);
    text.problems(explained.problems());
    text.request(explained);
    text.virtualHost(explained.explanation());
    text.rules(explained.explanation());
    text.outcome(explained);
    text.requests(explained);
    text.owners(explained.ownership());
    return text.out.toString();
  }

  private void problems(List<Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    line(palette.heading(count + " in the configuration"));
    Columns columns = new Columns();
    for (Problem problem : problems) {
      boolean error = problem.severity() == Problem.Severity.ERROR;
      columns.add(
          error ? palette::bad : palette::aside,
          problem.severity().name().toLowerCase(Locale.ROOT),
          problem.toString());
    }
    columns.lines().forEach(text -> line("  " + text));
    line("");
  }

  private void request(Explained explained) {
    String labels =
        new TreeMap<>(explained.labels())
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    line(
        palette.heading(explained.request().method() + " " + explained.request().url())
            + palette.aside(
                " from namespace "
                    + explained.namespace()
                    + (labels.isEmpty() ? "" : ", labels " + labels)));
    explained
        .request()
        .headers()
        .forEach(
            header -> line(palette.aside("  " + header.getFirst() + ": " + header.getSecond())));
    line("");
  }

  private void virtualHost(Explanation explanation) {
    String name = explanation.virtualHost();
    if (name == null) {
      row("virtual host", "none: no rule and no service knows " + explanation.authority());
    } else {
      row("virtual host", name + ", by its name " + explanation.domain());
    }
  }

  private void rules(Explanation explanation) {
    Columns columns = new Columns();
    for (Step step : explanation.steps()) {
      String reason = step.reason();
      columns.add(
          reason == null ? palette::good : palette::aside,
          reason == null ? "yes" : "no",
          place(step),
          step.path().isEmpty() ? step.rule() : step.path(),
          (reason == null ? step.condition() : reason) + named(step));
    }
    for (Step step : explanation.excluded()) {
      columns.add(
          palette::aside, "never", place(step), step.path(), step.condition() + named(step));
    }
    rows("rules", columns);
  }

  private static String place(Step step) {
    return step.location().equals("-") ? "(implied)" : step.location();
  }

  private static String named(Step step) {
    return step.name() == null ? "" : " (" + step.name() + ")";
  }

  private void outcome(Explained explained) {
    Forwarded to = explained.forwarded();
    if (to != null) {
      forwarded(to, explained);
    }
    Answered answered = explained.answered();
    if (answered != null) {
      row("answer", palette.bad(answered.status() + ": " + answered.why()));
      if (!answered.body().isEmpty()) {
        row("body", answered.body());
      }
      if (to == null) {
        list("answer headers", answered.responseHeaders());
      }
    }
    if (explained.explanation().outcome() instanceof Redirected redirected) {
      row("answer", redirected.status() + ", location " + redirected.location());
      list("answer headers", redirected.responseHeaders());
    }
  }

  private void forwarded(Forwarded to, Explained explained) {
    shares(to, explained.drawGiven());
    list("headers", to.requestHeaders());
    row("sent as", explained.request().method() + " " + to.path() + ", Host: " + to.host());
    Destination destination = to.destination();
    row("cluster", destination.cluster());
    if (destination.discovery().equals("ORIGINAL")) {
      row("", palette.aside("goes where the application sent it, not to an endpoint of a rule"));
    }
    if (destination.settledBy() != null) {
      row("", "settled by the DestinationRule at " + destination.settledBy());
    }
    if (explained.answered() == null) {
      endpoints(destination, explained);
      if (destination.tls() != null) {
        row("tls", destination.tls());
      }
      list("limits", destination.limits());
      list("ejection", destination.ejection());
      row("timeout", to.timeoutMillis() == 0 ? "none" : millis(to.timeoutMillis()));
      list("retries", retries(to.retries()));
      list("faults", to.faults());
      list("mirrors", to.mirrors());
    }
    list("answer headers", to.responseHeaders());
  }

  private void shares(Forwarded to, boolean drawGiven) {
    Columns columns = new Columns();
    boolean split = to.shares().size() > 1;
    for (Share share : to.shares()) {
      String draw =
          share.picked() && split
              ? "<- draw "
                  + number(to.draw())
                  + (drawGiven ? "" : " (give --random to try another)")
              : "";
      UnaryOperator<String> style = share.picked() ? palette::good : palette::aside;
      columns.add(
          style,
          number(share.from()) + ".." + number(share.to()),
          share.subset().isEmpty() ? share.cluster() : "subset " + share.subset(),
          draw);
    }
    rows("split", columns);
  }

  private void endpoints(Destination to, Explained explained) {
    switch (to.discovery()) {
      case "ORIGINAL" ->
          row(
              "endpoints",
              "the request's own: "
                  + explained.request().url().host()
                  + ":"
                  + explained.request().url().port());
      case "DNS" -> {
        list("endpoints", explained.endpoints(to).stream().map(e -> e + " (by DNS)").toList());
        row("balancing", to.balancing());
      }
      default -> {
        list("endpoints", explained.endpoints(to));
        row("balancing", to.balancing());
      }
    }
    if (!to.protocol().isEmpty()) {
      row("protocol", to.protocol());
    }
  }

  private void requests(Explained explained) {
    int tries = explained.tries();
    int calls = explained.appAttempts();
    if (calls == 1 || tries == 0) {
      return;
    }
    String by =
        explained.ownership().isMesh(Capability.RETRIES)
            ? explained.ownership().mode().word()
            : "the library";
    row(
        "requests",
        calls
            + " x "
            + tries
            + " = "
            + (long) calls * tries
            + " at most: by the application, by "
            + by);
  }

  /** Without a mesh there is nothing to share. */
  private void owners(Ownership ownership) {
    if (ownership.mode() == MeshMode.NONE) {
      return;
    }
    List<String> mesh = new ArrayList<>();
    mesh.add(ownership.mode().word() + ": " + ownership.reason());
    ownership.evidence().forEach(line -> mesh.add(palette.aside(line)));
    list("mesh", mesh);
    Columns columns = new Columns();
    for (Owner owner : Owner.values()) {
      String all =
          ownership.owners().entrySet().stream()
              .filter(entry -> entry.getValue() == owner)
              .map(entry -> entry.getKey().word())
              .collect(Collectors.joining(", "));
      columns.add(UnaryOperator.identity(), owner.word(), all.isEmpty() ? "nothing" : all);
    }
    rows("owners", columns);
  }

  private static List<String> retries(Retries retries) {
    if (retries.attempts() == 0) {
      return List.of("none");
    }
    String perTry =
        retries.perTryTimeoutMillis() == 0
            ? ""
            : ", each try within " + millis(retries.perTryTimeoutMillis());
    return List.of(
        retries.attempts()
            + " on "
            + String.join(", ", retries.on())
            + perTry
            + (retries.isDefault() ? " (Istio's default)" : ""),
        "after a wait of up to "
            + millis(retries.waitMillis())
            + ", twice that each time, "
            + millis(retries.maxWaitMillis())
            + " at most"
            + (retries.otherEndpoints() ? "; elsewhere if possible" : "; to the same endpoint too")
            + (retries.otherLocalities() ? ", after two tries in other localities" : ""));
  }

  private static String millis(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  /** At most two decimals, as few as needed. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
  }

  private void rows(String label, Columns columns) {
    list(label, columns.lines());
  }

  private void list(String label, List<String> lines) {
    String next = label;
    for (String text : lines) {
      row(next, text);
      next = "";
    }
  }

  private void row(String label, String text) {
    String padding = " ".repeat(Math.max(1, LABEL_WIDTH - label.length()));
    line((label.isEmpty() ? "" : palette.heading(label)) + padding + text);
  }

  private void line(String text) {
    out.append(text).append(System.lineSeparator());
  }
}
