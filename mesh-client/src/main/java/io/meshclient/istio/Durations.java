package io.meshclient.istio;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them: {@code 10s}, {@code 0.3s}, {@code 400ms}, {@code 1h2m3s}. */
final class Durations {
  /** Two letters before one: {@code ms} is no {@code m}. */
  private static final List<Map.Entry<String, Long>> UNITS =
      List.of(
          Map.entry("ns", 1L),
          Map.entry("us", 1_000L),
          Map.entry("\u00b5s", 1_000L),
          Map.entry("\u03bcs", 1_000L),
          Map.entry("ms", 1_000_000L),
          Map.entry("s", 1_000_000_000L),
          Map.entry("m", 60_000_000_000L),
          Map.entry("h", 3_600_000_000_000L));

  private static final int MAX_LENGTH = 64;

  private Durations() {}

  /** {@code null} where {@code text} is no duration, or a negative one. */
  static @Nullable Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return null;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    int at = text.charAt(0) == '+' ? 1 : 0;
    do {
      int end = numberEnd(text, at);
      Map.Entry<String, Long> unit = end < 0 ? null : unitAt(text, end);
      if (unit == null) {
        return null;
      }
      nanos =
          nanos.add(number(text.substring(at, end)).multiply(BigDecimal.valueOf(unit.getValue())));
      at = end + unit.getKey().length();
    } while (at < text.length());
    boolean fits = nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return fits ? Duration.ofNanos(nanos.longValue()) : null;
  }

  /** As it would be written: {@code 1500ms} as {@code 1.5s}. */
  static String show(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros();
    return seconds.abs().compareTo(BigDecimal.ONE) < 0 && seconds.signum() != 0
        ? seconds.movePointRight(3).toPlainString() + "ms"
        : seconds.toPlainString() + "s";
  }

  /** Behind the digits, with at most one point among them; negative where there is no digit. */
  private static int numberEnd(String text, int from) {
    int digits = 0;
    int points = 0;
    int at = from;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && points == 0) {
        points++;
      } else {
        break;
      }
    }
    return digits == 0 ? -1 : at;
  }

  private static BigDecimal number(String text) {
    String whole = text.startsWith(".") ? "0" + text : text;
    return new BigDecimal(whole.endsWith(".") ? whole + "0" : whole);
  }

  private static Map.@Nullable Entry<String, Long> unitAt(String text, int at) {
    for (Map.Entry<String, Long> unit : UNITS) {
      if (text.startsWith(unit.getKey(), at)) {
        return unit;
      }
    }
    return null;
  }
}
