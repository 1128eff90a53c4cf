package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.Fields;
import io.meshclient.acceptance.security.SecurityRequest.TokenPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads a case's YAML. A field it does not know fails it: nothing in a case goes unheeded. */
final class SecurityCaseReader {

  static final String HOST = "payment-service.production.svc.cluster.local";
  static final List<String> ISTIO_ALPN = List.of("istio-http/1.1", "istio", "http/1.1");

  private static final List<String> COMPARED = List.of("status", "body", "upstream");

  private SecurityCaseReader() {}

  static SecurityCase read(Corpus corpus, String name) throws IOException {
    return read(name, corpus.text(name));
  }

  static SecurityCase read(String name, String yaml) {
    Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    Fields fields = new Fields(name, root);
    Fields workload = fields.map("workload");
    List<SecurityRequest> requests = new ArrayList<>();
    for (Object request : fields.list("requests")) {
      requests.add(request(new Fields(name, Fields.mapping(request)), name));
    }
    SecurityCase read =
        new SecurityCase(
            name,
            fields.string("description", ""),
            fields.string("config", ""),
            fields.string("mesh", ""),
            workload.string("namespace", "production"),
            workload.strings("labels", Map.of("app", "payment-service", "version", "v1")),
            List.copyOf(requests));
    workload.done();
    fields.done();
    return read;
  }

  private static SecurityRequest request(Fields fields, String caseName) {
    SecurityRequest request =
        new SecurityRequest(
            fields.string("name", null),
            caller(fields),
            fields.string("method", "GET"),
            fields.string("path", "/"),
            fields.string("host", HOST + ":8080"),
            headers(fields.map("headers")),
            tokens(fields, caseName),
            fields.strings("compare", COMPARED));
    fields.done();
    return request;
  }

  private static Caller caller(Fields fields) {
    String identity = identity(fields.string("from", null), fields.string("trust_domain", null));
    boolean tls = fields.flag("tls");
    return new Caller(
        identity,
        tls || identity != null,
        fields.flag("untrusted"),
        fields.string("sni", HOST),
        fields.strings("alpn", ISTIO_ALPN),
        fields.string("source_ip", "127.2.9.1"),
        fields.integer("port", 8080));
  }

  private static String identity(String from, String trustDomain) {
    if (from == null || from.startsWith("spiffe://")) {
      return from;
    }
    String[] parts = from.split("/", 2);
    String domain = trustDomain == null ? "cluster.local" : trustDomain;
    return "spiffe://" + domain + "/ns/" + parts[0] + "/sa/" + parts[1];
  }

  private static List<Header> headers(Fields fields) {
    List<Header> headers = new ArrayList<>();
    fields
        .rest()
        .forEach(
            (name, value) -> {
              for (Object line : Fields.elements(value)) {
                headers.add(new Header(name, line.toString()));
              }
            });
    return List.copyOf(headers);
  }

  /** What the tokens say is in the recorded ones: here, only where they go is of interest. */
  private static List<TokenPlace> tokens(Fields fields, String caseName) {
    List<TokenPlace> places = new ArrayList<>();
    for (Object one : fields.oneOrMore("jwt")) {
      Fields token = new Fields(caseName, Fields.mapping(one));
      token.map("claims").rest();
      for (String unused : List.of("key", "kid", "bad", "expired")) {
        token.string(unused, null);
      }
      places.add(
          new TokenPlace(
              token.string("header", "Authorization"),
              token.string("prefix", "Bearer "),
              token.string("param", null)));
      token.done();
    }
    return List.copyOf(places);
  }
}
