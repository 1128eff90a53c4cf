package io.meshclient.telemetry;

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
  /** Istio's own format of text lines. */
  static final String ISTIO_TEXT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
          + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
          + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
          + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
          + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
          + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

  private static final Map<String, String> ISTIO_JSON = istioJson();

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
    return json(ISTIO_JSON, omitsEmpty);
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

  private static Map<String, String> istioJson() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("start_time", "%START_TIME%");
    fields.put("route_name", "%ROUTE_NAME%");
    fields.put("method", "%REQ(:METHOD)%");
    fields.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
    fields.put("protocol", "%PROTOCOL%");
    fields.put("response_code", "%RESPONSE_CODE%");
    fields.put("response_flags", "%RESPONSE_FLAGS%");
    fields.put("response_code_details", "%RESPONSE_CODE_DETAILS%");
    fields.put("connection_termination_details", "%CONNECTION_TERMINATION_DETAILS%");
    fields.put("bytes_received", "%BYTES_RECEIVED%");
    fields.put("bytes_sent", "%BYTES_SENT%");
    fields.put("duration", "%DURATION%");
    fields.put("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%");
    fields.put("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%");
    fields.put("user_agent", "%REQ(USER-AGENT)%");
    fields.put("request_id", "%REQ(X-REQUEST-ID)%");
    fields.put("authority", "%REQ(:AUTHORITY)%");
    fields.put("upstream_host", "%UPSTREAM_HOST%");
    fields.put("upstream_cluster", "%UPSTREAM_CLUSTER_RAW%");
    fields.put("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%");
    fields.put("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%");
    fields.put("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%");
    fields.put("requested_server_name", "%REQUESTED_SERVER_NAME%");
    fields.put("upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
    return fields;
  }
}
