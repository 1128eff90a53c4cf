package io.meshclient.cli.export;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Protocol buffers in JSON, as Envoy reads them. */
final class Json {
  private static final String TYPES = "type.googleapis.com/";
  private static final int NANO_DIGITS = 9;

  private Json() {}

  /**
   * Fields by name, each followed by its value; a field whose value is {@code null} is left out.
   */
  static JsonObject object(@Nullable Object... namesAndValues) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      put(object, String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  /** A message of a type that the field itself does not tell. */
  static JsonObject typed(String type, @Nullable Object... namesAndValues) {
    JsonObject object = new JsonObject();
    object.addProperty("@type", TYPES + type);
    object(namesAndValues).entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
    return object;
  }

  /** An extension by its name, with its settings. */
  static JsonObject extension(String name, String type, @Nullable Object... namesAndValues) {
    return object("name", name, "typed_config", typed(type, namesAndValues));
  }

  static void put(JsonObject object, String name, @Nullable Object value) {
    if (value != null) {
      object.add(name, element(value));
    }
  }

  static JsonArray array(Iterable<?> values) {
    JsonArray array = new JsonArray();
    for (Object value : values) {
      array.add(element(value));
    }
    return array;
  }

  /** {@code null} where there is nothing, which leaves the field out. */
  static @Nullable JsonArray arrayOrNull(List<?> values) {
    return values.isEmpty() ? null : array(values);
  }

  private static JsonElement element(Object value) {
    if (value instanceof JsonElement element) {
      return element;
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    if (value instanceof Iterable<?> values) {
      return array(values);
    }
    if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      map.forEach((key, of) -> object.add(String.valueOf(key), element(of)));
      return object;
    }
    return new JsonPrimitive(value.toString());
  }

  /** {@code 1.5s}. */
  static String duration(long nanos) {
    return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString() + "s";
  }

  static JsonObject socketAddress(String address, int port) {
    return object("socket_address", object("address", address, "port_value", port));
  }

  /** A share of all, to a millionth. */
  static JsonObject fraction(double percent) {
    long millionths = Math.round(percent * 10_000);
    return millionths % 10_000 == 0
        ? object("numerator", millionths / 10_000, "denominator", "HUNDRED")
        : object("numerator", millionths, "denominator", "MILLION");
  }
}
