package io.meshclient.cli.identity;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a time to live: {@code 90s}, {@code 15m}, {@code 1h}, {@code 7d}. */
final class LifeConverter implements ITypeConverter<Duration> {
  private static final long MOST_DAYS = 365;

  LifeConverter() {}

  @Override
  public Duration convert(String value) {
    try {
      long count = Long.parseLong(value.substring(0, Math.max(0, value.length() - 1)));
      Duration life =
          switch (value.charAt(value.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            case 'd' -> Duration.ofDays(count);
            default -> Duration.ZERO;
          };
      if (life.compareTo(Duration.ofSeconds(1)) >= 0
          && life.compareTo(Duration.ofDays(MOST_DAYS)) <= 0) {
        return life;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // It is said below.
    }
    throw new TypeConversionException("\"" + value + "\" (expected: such as 90s, 15m, 1h, 7d)");
  }
}
