package io.meshclient.acceptance.backend;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a pod does with one try.
 *
 * @param status of the answer, where there is one
 * @param delay before anything is sent
 * @param headers of the answer, on top of the usual ones
 */
record Step(Kind kind, int status, Duration delay, List<Header> headers) {

  enum Kind {
    /** A whole answer. */
    ANSWER,
    /** The connection is closed before any answer. */
    RESET,
    /** The connection is closed within the answer's body. */
    CUT
  }

  static final Step OK = new Step(Kind.ANSWER, 200, Duration.ZERO, List.of());

  private static final Pattern FORM =
      Pattern.compile("(reset|cut|[1-5][0-9]{2})(?:@([0-9]+)ms)?((?:\\+[^+=]+=[^+]*)*)");

  /** Reads {@code STATUS|reset|cut[@250ms][+name=value...]}. */
  static Step parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "step: " + text + " (expected: STATUS|reset|cut[@250ms][+name=value...])");
    }
    Kind kind =
        switch (form.group(1)) {
          case "reset" -> Kind.RESET;
          case "cut" -> Kind.CUT;
          default -> Kind.ANSWER;
        };
    int status = kind == Kind.ANSWER ? Integer.parseInt(form.group(1)) : 200;
    Duration delay =
        form.group(2) == null ? Duration.ZERO : Duration.ofMillis(Long.parseLong(form.group(2)));
    return new Step(kind, status, delay, headers(form.group(3)));
  }

  private static List<Header> headers(String text) {
    return Stream.of(text.split("\\+"))
        .filter(header -> !header.isEmpty())
        .map(header -> header.split("=", 2))
        .map(header -> new Header(header[0], header[1]))
        .toList();
  }
}
