package io.meshclient.telemetry;

import io.meshclient.istio.IstioAccessLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a line of an access log looks like, put together from <a
 * href="https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage">Envoy's
 * command operators</a>. Immutable.
 */
final class AccessLogFormat {
  private final List<Operator> text;
  private final Map<String, List<Operator>> fields;
  private final boolean omitsEmpty;

  private AccessLogFormat(
      List<Operator> text, Map<String, List<Operator>> fields, boolean omitsEmpty) {
    this.text = text;
    this.fields = fields;
    this.omitsEmpty = omitsEmpty;
  }

  /**
   * A line of text, as it is written, its line break included.
   *
   * @throws IllegalArgumentException if an operator is not one that is known
   */
  static AccessLogFormat text(String format, boolean omitsEmpty) {
    return new AccessLogFormat(Operator.parse(format), Map.of(), omitsEmpty);
  }

  /**
   * An object of JSON, a line each.
   *
   * @throws IllegalArgumentException if an operator is not one that is known
   */
  static AccessLogFormat json(Map<String, String> formats, boolean omitsEmpty) {
    Map<String, List<Operator>> fields = new LinkedHashMap<>();
    formats.forEach((name, format) -> fields.put(name, Operator.parse(format)));
    return new AccessLogFormat(List.of(), fields, omitsEmpty);
  }

  /** Istio's own fields. */
  static AccessLogFormat istioJson(boolean omitsEmpty) {
    return json(IstioAccessLog.FIELDS, omitsEmpty);
  }

  /** One line, with its line break. */
  String line(RequestFacts facts) {
    StringBuilder line = new StringBuilder(256);
    if (fields.isEmpty()) {
      for (Operator operator : text) {
        String value = operator.text(facts);
        line.append(value == null ? omitsEmpty ? "" : "-" : Operator.printable(value, operator));
      }
      return line.toString();
    }
    line.append('{');
    fields.forEach((name, operators) -> appendField(line, name, operators, facts));
    return line.append("}\n").toString();
  }

  private void appendField(
      StringBuilder line, String name, List<Operator> operators, RequestFacts facts) {
    Operator only = operators.size() == 1 ? operators.get(0) : null;
    String value = only != null ? only.text(facts) : joined(operators, facts);
    if (value == null && omitsEmpty) {
      return;
    }
    if (line.length() > 1) {
      line.append(',');
    }
    JsonText.appendString(line, name);
    line.append(':');
    if (value == null) {
      line.append("null");
    } else if (only != null && only.isNumber()) {
      line.append(value);
    } else {
      JsonText.appendString(line, value);
    }
  }

  private @Nullable String joined(List<Operator> operators, RequestFacts facts) {
    List<String> parts = new ArrayList<>();
    for (Operator operator : operators) {
      String value = operator.text(facts);
      parts.add(value == null ? omitsEmpty ? "" : "-" : value);
    }
    return String.join("", parts);
  }
}
