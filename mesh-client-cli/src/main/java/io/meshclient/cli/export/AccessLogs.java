package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.istio.ExtensionProvider;
import io.meshclient.istio.ExtensionProvider.EnvoyFileAccessLog;
import io.meshclient.istio.ExtensionProvider.LogFormat;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Telemetry.AccessLogging;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes access logs to files, in Istio's formats where no other is set. */
final class AccessLogs {
  private static final String TEXT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
          + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
          + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
          + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
          + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
          + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

  private static final String[] FIELDS = {
    "start_time", "%START_TIME%",
    "route_name", "%ROUTE_NAME%",
    "method", "%REQ(:METHOD)%",
    "path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
    "protocol", "%PROTOCOL%",
    "response_code", "%RESPONSE_CODE%",
    "response_flags", "%RESPONSE_FLAGS%",
    "response_code_details", "%RESPONSE_CODE_DETAILS%",
    "connection_termination_details", "%CONNECTION_TERMINATION_DETAILS%",
    "bytes_received", "%BYTES_RECEIVED%",
    "bytes_sent", "%BYTES_SENT%",
    "duration", "%DURATION%",
    "upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
    "x_forwarded_for", "%REQ(X-FORWARDED-FOR)%",
    "user_agent", "%REQ(USER-AGENT)%",
    "request_id", "%REQ(X-REQUEST-ID)%",
    "authority", "%REQ(:AUTHORITY)%",
    "upstream_host", "%UPSTREAM_HOST%",
    "upstream_cluster", "%UPSTREAM_CLUSTER_RAW%",
    "upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%",
    "downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%",
    "downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%",
    "requested_server_name", "%REQUESTED_SERVER_NAME%",
    "upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%"
  };

  private final MeshConfig mesh;
  private final TelemetryRules rules;

  AccessLogs(MeshConfig mesh, TelemetryRules rules) {
    this.mesh = mesh;
    this.rules = rules;
  }

  List<JsonObject> of(Side side) {
    List<AccessLogging> logged = rules.logged(side);
    List<JsonObject> logs = new ArrayList<>();
    if (logged == null) {
      rules.defaultLogs().forEach(name -> add(logs, name, null));
      if (rules.defaultLogs().isEmpty()
          && mesh.accessLogFile() != null
          && !mesh.accessLogFile().isEmpty()) {
        logs.add(log(mesh.accessLogFile(), meshFormat(), null));
      }
      return logs;
    }
    for (AccessLogging rule : logged) {
      if (Boolean.TRUE.equals(rule.disabled())) {
        continue;
      }
      List<String> names = TelemetryRules.names(rule.providers());
      String filter = rule.filter() == null ? null : rule.filter().expression();
      (names.isEmpty() ? rules.defaultLogs() : names).forEach(name -> add(logs, name, filter));
    }
    return logs;
  }

  private void add(List<JsonObject> logs, String name, @Nullable String filter) {
    ExtensionProvider provider = mesh.extensionProvider(name);
    EnvoyFileAccessLog file = provider == null ? null : provider.envoyFileAccessLog();
    if (file != null) {
      String path = file.path() == null ? "/dev/stdout" : file.path();
      logs.add(log(path, format(file.logFormat()), filter));
    }
  }

  private JsonObject format(@Nullable LogFormat format) {
    if (format == null) {
      return meshFormat();
    }
    return format.text() == null || format.text().isEmpty()
        ? Json.object("json_format", format.labels().isEmpty() ? fields() : format.labels())
        : text(format.text());
  }

  private JsonObject meshFormat() {
    String own = mesh.accessLogFormat() == null ? "" : mesh.accessLogFormat();
    if (mesh.accessLogEncoding() == MeshConfig.AccessLogEncoding.JSON) {
      return Json.object("json_format", own.isEmpty() ? fields() : JsonParser.parseString(own));
    }
    return text(own.isEmpty() ? TEXT : own);
  }

  private static JsonObject text(String text) {
    String line = text.endsWith("\n") ? text : text + "\n";
    return Json.object("text_format_source", Json.object("inline_string", line));
  }

  private static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < FIELDS.length; i += 2) {
      fields.put(FIELDS[i], FIELDS[i + 1]);
    }
    return fields;
  }

  private static JsonObject log(String path, JsonObject format, @Nullable String filter) {
    JsonObject log =
        Json.extension(
            "envoy.access_loggers.file",
            "envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path",
            path,
            "log_format",
            format);
    if (filter != null && !filter.isEmpty()) {
      log.add(
          "filter",
          Json.object(
              "extension_filter",
              Json.extension(
                  "envoy.access_loggers.extension_filters.cel",
                  "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
                  "expression",
                  filter)));
    }
    return log;
  }
}
