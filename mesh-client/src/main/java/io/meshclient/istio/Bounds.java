package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** What the annotations of a component ask of its value. */
final class Bounds {
  private Bounds() {}

  static void check(
      Faults faults, Node node, NodePath path, RecordShape.Member member, Object value) {
    if (member.required() && isEmpty(value)) {
      faults.error(Code.MISSING, node, path, "empty (expected: a value)");
      return;
    }
    Range range = member.range();
    if (range != null && !within(value, range.min(), range.max())) {
      String expected = expected(range.min(), range.max(), value instanceof Duration ? "ms" : "");
      faults.error(Code.OUT_OF_RANGE, node, path, Values.show(node) + expected);
      return;
    }
    Usual usual = member.usual();
    if (usual != null && !within(value, usual.min(), usual.max())) {
      String expected = expected(usual.min(), usual.max(), "") + "; " + usual.beyond();
      faults.warning(Code.OUT_OF_RANGE, node, path, Values.show(node) + expected);
    }
  }

  private static boolean isEmpty(@Nullable Object value) {
    return (value instanceof String text && text.isEmpty())
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private static boolean within(Object value, long min, long max) {
    if (value instanceof Duration duration) {
      // A part of a millisecond is less than one, as a whole one is asked for.
      return duration.compareTo(Duration.ofMillis(Math.max(min, 0))) >= 0
          && (max == Long.MAX_VALUE || duration.compareTo(Duration.ofMillis(max)) <= 0);
    }
    if (value instanceof Double number) {
      return number >= min && number <= max;
    }
    return !(value instanceof Number number)
        || (number.longValue() >= min && number.longValue() <= max);
  }

  private static String expected(long min, long max, String unit) {
    if (max == Long.MAX_VALUE) {
      return " (expected: >= " + min + unit + ")";
    }
    return min == Long.MIN_VALUE
        ? " (expected: <= " + max + unit + ")"
        : " (expected: " + min + ".." + max + unit + ")";
  }
}
