package io.meshclient.cli.export;

import com.google.gson.JsonObject;

/** Writes what finds out, of a connection, where it was meant to go and what it speaks. */
final class Inspectors {
  private static final String PACKAGE = "envoy.extensions.filters.listener.";

  private Inspectors() {}

  static JsonObject originalDestination() {
    return Json.extension(
        "envoy.filters.listener.original_dst", PACKAGE + "original_dst.v3.OriginalDst");
  }

  static JsonObject tls() {
    return Json.extension(
        "envoy.filters.listener.tls_inspector", PACKAGE + "tls_inspector.v3.TlsInspector");
  }

  static JsonObject http() {
    return Json.extension(
        "envoy.filters.listener.http_inspector", PACKAGE + "http_inspector.v3.HttpInspector");
  }
}
