package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.istio.ExtensionProvider;
import io.meshclient.istio.ExtensionProvider.EnvoyFileAccessLog;
import io.meshclient.istio.ExtensionProvider.LogFormat;
import io.meshclient.istio.IstioAccessLog;
import io.meshclient.istio.MeshConfig;
import io.meshclient.istio.Telemetry.AccessLogging;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes access logs to files, in Istio's formats where no other is set. */
final class AccessLogs {
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
        ? Json.object(
            "json_format", format.labels().isEmpty() ? IstioAccessLog.FIELDS : format.labels())
        : text(format.text());
  }

  private JsonObject meshFormat() {
    String own = mesh.accessLogFormat() == null ? "" : mesh.accessLogFormat();
    if (mesh.accessLogEncoding() == MeshConfig.AccessLogEncoding.JSON) {
      return Json.object(
          "json_format", own.isEmpty() ? IstioAccessLog.FIELDS : JsonParser.parseString(own));
    }
    return text(own.isEmpty() ? IstioAccessLog.TEXT : own);
  }

  private static JsonObject text(String text) {
    String line = text.endsWith("\n") ? text : text + "\n";
    return Json.object("text_format_source", Json.object("inline_string", line));
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
