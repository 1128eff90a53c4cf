package io.meshclient.cli.options;

import io.meshclient.resilience.BreakerSettings;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code guide}, or what differs from it: {@code failures=5,open=30s,probes=2}. */
public final class BreakerConverter implements ITypeConverter<BreakerSettings> {
  public static final String GUIDE = "guide";
  private static final String EXPECTED =
      " (expected: guide, or some of failures=N,open=60s,probes=N)";

  @Override
  public BreakerSettings convert(String value) {
    BreakerSettings settings = BreakerSettings.GUIDE;
    if (value.equals(GUIDE)) {
      return settings;
    }
    try {
      for (String part : value.split(",", -1)) {
        settings = with(settings, part);
      }
      return settings;
    } catch (IllegalArgumentException e) {
      String why = e instanceof NumberFormatException ? "" : ": " + e.getMessage();
      throw new TypeConversionException("\"" + value + "\"" + EXPECTED + why);
    }
  }

  private static BreakerSettings with(BreakerSettings settings, String part) {
    int equals = part.indexOf('=');
    String text = part.substring(equals + 1);
    return switch (part.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT)) {
      case "failures" ->
          BreakerSettings.consecutive(Integer.parseInt(text))
              .openFor(settings.openTime())
              .growing(1, settings.openTime())
              .jitter(0)
              .probes(settings.probes());
      case "open" -> settings.openFor(duration(text));
      case "probes" -> settings.probes(Integer.parseInt(text));
      default -> throw new IllegalArgumentException("\"" + part + "\"");
    };
  }

  private static Duration duration(String text) {
    if (text.endsWith("ms")) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    if (text.endsWith("s")) {
      return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
    if (text.endsWith("m")) {
      return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
    }
    throw new IllegalArgumentException("\"" + text + "\" has no unit: ms, s, m");
  }
}
