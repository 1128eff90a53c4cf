package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.istio.MeshConfig;
import io.meshclient.policy.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes how connections to a cluster are secured. */
final class UpstreamTls {
  private static final String TYPE = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";
  private static final String SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt";

  private final SidecarOptions options;
  private final MeshConfig mesh;

  UpstreamTls(SidecarOptions options, MeshConfig mesh) {
    this.options = options;
    this.mesh = mesh;
  }

  void write(JsonObject json, Cluster cluster) {
    TrafficPolicy policy = cluster.settings().policy();
    Tls tls = policy == null ? null : policy.tls();
    TlsMode mode = tls == null ? null : tls.mode();
    if (tls != null && mode != null) {
      switch (mode) {
        case DISABLE -> {}
        case SIMPLE, MUTUAL ->
            json.add("transport_socket", socket(origination(tls, mode, cluster)));
        case ISTIO_MUTUAL -> {
          if (options.certs() != null) {
            json.add("transport_socket", socket(mutual(cluster, tls)));
          }
        }
      }
    } else if (isAutomatic(cluster)) {
      automatic(json, cluster);
    }
  }

  /** Services of the mesh only; names that DNS resolves have no labels. */
  private boolean isAutomatic(Cluster cluster) {
    boolean labelled = cluster.discovery() == Cluster.Discovery.STATIC;
    return options.certs() != null
        && mesh.enableAutoMtls()
        && cluster.service().contains(".svc.")
        && (options.autoMtls() == SidecarOptions.AutoMtls.ALL
            || options.autoMtls() == SidecarOptions.AutoMtls.LABELS && labelled);
  }

  /** As in Istio each endpoint's metadata say which of the two it takes. */
  private void automatic(JsonObject json, Cluster cluster) {
    JsonObject secured = socket(mutual(cluster, null));
    if (options.autoMtls() == SidecarOptions.AutoMtls.ALL) {
      json.add("transport_socket", secured);
      return;
    }
    JsonObject plain =
        Json.extension(
            "envoy.transport_sockets.raw_buffer",
            "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer");
    json.add(
        "transport_socket_matches",
        Json.array(
            List.of(
                Json.object(
                    "name",
                    "tlsMode-istio",
                    "match",
                    Json.object("tlsMode", "istio"),
                    "transport_socket",
                    secured),
                Json.object(
                    "name",
                    "tlsMode-disabled",
                    "match",
                    new JsonObject(),
                    "transport_socket",
                    plain))));
  }

  private JsonObject mutual(Cluster cluster, @Nullable Tls tls) {
    List<String> names = tls == null ? List.of() : tls.subjectAltNames();
    String sni = tls == null || tls.sni() == null ? "" : tls.sni();
    List<String> alpn =
        cluster.settings().http2()
            ? List.of("istio-h2", "istio", "h2")
            : List.of("istio-http/1.1", "istio", "http/1.1");
    return context(
        sni.isEmpty() ? sni(cluster) : sni,
        alpn,
        Certificates.own(options),
        Certificates.validation(
            options.cert(Certificates.ROOTS), names.isEmpty() ? identities(cluster) : names));
  }

  /** Istio's name of a cluster in a handshake. */
  private static String sni(Cluster cluster) {
    return "outbound_."
        + cluster.port()
        + "_."
        + (cluster.subset().isEmpty() ? "_" : cluster.subset())
        + "_."
        + cluster.service();
  }

  /**
   * Whom the endpoints have to be: what their pods run as, in the mesh's domain and its aliases.
   */
  private List<String> identities(Cluster cluster) {
    List<String> domains = new ArrayList<>(List.of(mesh.trustDomain()));
    domains.addAll(mesh.trustDomainAliases());
    List<String> identities = new ArrayList<>();
    for (String account : Clusters.accounts(cluster)) {
      int slash = account.indexOf('/');
      String path = "/ns/" + account.substring(0, slash) + "/sa/" + account.substring(slash + 1);
      domains.forEach(domain -> identities.add("spiffe://" + domain + path));
    }
    return identities;
  }

  private static JsonObject origination(Tls tls, TlsMode mode, Cluster cluster) {
    String roots = tls.caCertificates();
    boolean skips = Boolean.TRUE.equals(tls.insecureSkipVerify());
    List<String> names = tls.subjectAltNames();
    boolean external = !cluster.service().contains(".svc.");
    if (names.isEmpty() && external && !skips) {
      names = List.of(cluster.service());
    }
    JsonObject own =
        mode == TlsMode.MUTUAL && tls.clientCertificate() != null && tls.privateKey() != null
            ? Certificates.files(tls.clientCertificate(), tls.privateKey())
            : null;
    String sni = tls.sni() == null || tls.sni().isEmpty() ? null : tls.sni();
    return context(
        sni == null && external ? cluster.service() : sni,
        cluster.settings().http2() ? List.of("h2") : List.of(),
        own,
        skips ? null : Certificates.validation(roots == null ? SYSTEM_ROOTS : roots, names));
  }

  private static JsonObject context(
      @Nullable String sni,
      List<String> alpn,
      @Nullable JsonObject own,
      @Nullable JsonObject validation) {
    return Json.typed(
        TYPE,
        "sni",
        sni,
        "common_tls_context",
        Json.object(
            "tls_params",
            Json.object(
                "tls_minimum_protocol_version",
                "TLSv1_2",
                "tls_maximum_protocol_version",
                "TLSv1_3"),
            "alpn_protocols",
            Json.arrayOrNull(alpn),
            "tls_certificates",
            own == null ? null : List.of(own),
            "validation_context",
            validation));
  }

  private static JsonObject socket(JsonObject context) {
    return Json.object("name", "envoy.transport_sockets.tls", "typed_config", context);
  }
}
