package io.meshclient.examples.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Prints rows as they come about: first what is asked, then what came of it. On a terminal it
 * counts meanwhile; elsewhere it writes plain lines.
 */
final class Table {
  private static final String COLUMNS = "  %-36s  %-36s  ";
  private static final int OBSERVED = 45;
  private static final int BY = 7;

  private final PrintStream out;
  private final boolean terminal;
  private final boolean colours;

  Table(PrintStream out, boolean terminal, boolean colours) {
    this.out = out;
    this.terminal = terminal;
    this.colours = colours;
  }

  void head() {
    String left = String.format(Locale.ROOT, COLUMNS, "traffic", "expected");
    out.println(left + observed("observed, and the rule that decided", "by"));
    out.println("  " + "-".repeat(left.length() + OBSERVED + BY));
  }

  void begin(Check check) {
    out.print(left(check));
    out.flush();
  }

  /** Shows how far a row has come; silent where no one watches. */
  IntConsumer progress(Check check) {
    if (!terminal) {
      return done -> {};
    }
    return done -> {
      if (done % 50 == 0 || done < 50) {
        out.print("\r" + left(check) + done + " sent ");
        out.flush();
      }
    };
  }

  void end(Check check, Check.Result result) {
    String observed = observed(result.observed(), result.by());
    out.println((terminal ? "\r" + left(check) : "") + observed + " " + verdict(result.ok()));
    for (String rule : result.rules()) {
      out.println("      " + faint(rule));
    }
    out.flush();
  }

  private static String observed(String observed, String by) {
    return String.format(Locale.ROOT, "%-" + OBSERVED + "s %-" + BY + "s", observed, by);
  }

  private static String left(Check check) {
    return String.format(Locale.ROOT, COLUMNS, check.traffic(), check.expected());
  }

  private String verdict(boolean ok) {
    return ok ? coloured("32", "ok") : coloured("1;31", "FAIL");
  }

  private String faint(String text) {
    return coloured("2", text);
  }

  private String coloured(String code, String text) {
    return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
