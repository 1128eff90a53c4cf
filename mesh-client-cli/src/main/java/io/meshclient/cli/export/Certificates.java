package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import java.util.List;

/** Writes whose certificate is shown, and whose is believed. */
final class Certificates {
  static final String CHAIN = "cert-chain.pem";
  static final String KEY = "key.pem";
  static final String ROOTS = "root-cert.pem";

  private Certificates() {}

  /** The workload's own. */
  static JsonObject own(SidecarOptions options) {
    return files(options.cert(CHAIN), options.cert(KEY));
  }

  static JsonObject files(String chain, String key) {
    return Json.object(
        "certificate_chain",
        Json.object("filename", chain),
        "private_key",
        Json.object("filename", key));
  }

  /**
   * @param names of which a certificate has to have one, as a URI or as a DNS name; all are taken
   *     where there are none
   */
  static JsonObject validation(String roots, List<String> names) {
    List<JsonObject> matchers =
        names.stream().map(name -> matcher(name, Json.object("exact", name))).toList();
    return Json.object(
        "trusted_ca",
        Json.object("filename", roots),
        "match_typed_subject_alt_names",
        Json.arrayOrNull(matchers));
  }

  static JsonObject matcher(String name, JsonObject text) {
    return Json.object("san_type", name.contains("://") ? "URI" : "DNS", "matcher", text);
  }
}
