package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads a case's YAML. A field it does not know fails it: nothing in a case goes unheeded. */
final class CaseReader {

  private static final List<String> COMPARED =
      List.of("status", "groups", "attempts", "upstream", "response_headers", "local_bodies");

  private CaseReader() {}

  static ConformanceCase read(Corpus corpus, String name) throws IOException {
    return read(name, corpus.cluster(), corpus.text(name));
  }

  static ConformanceCase read(String name, String cluster, String yaml) {
    Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    Fields fields = new Fields(name, root);
    Fields client = fields.map("client");
    List<CaseRequest> requests = new ArrayList<>();
    for (Object request : fields.list("requests")) {
      requests.add(request(new Fields(name, Fields.mapping(request))));
    }
    ConformanceCase read =
        new ConformanceCase(
            name,
            fields.string("description", ""),
            cluster,
            fields.string("config", ""),
            fields.string("mesh", ""),
            client.string("namespace", "production"),
            client.strings("labels", Map.of("app", "web", "version", "v1")),
            fields.seconds("settle", 0),
            List.copyOf(requests));
    client.done();
    fields.done();
    return read;
  }

  private static CaseRequest request(Fields fields) {
    CaseRequest request =
        new CaseRequest(
            fields.string("name", null),
            fields.string("url", null),
            fields.string("method", "GET"),
            headers(fields.map("headers")),
            fields.string("body", null),
            fields.seconds("timeout", 30),
            fields.integer("times", 1),
            fields.integer("parallel", 0),
            fields.integer("keys", 0),
            fields.seconds("wait", 0),
            fields.seconds("pause", 0),
            fields.seconds("linger", 0),
            fields.flag("jar"),
            fields.strings("mirror_to", List.of()),
            fields.string("script", null),
            fields.strings("pods", Map.of()),
            fields.flag("by_app"),
            fields.strings("compare", COMPARED),
            fields.flag("exact"),
            fields.number("tolerance"),
            fields.flag("sequence"));
    fields.done();
    return request;
  }

  private static List<Header> headers(Fields fields) {
    List<Header> headers = new ArrayList<>();
    Map<String, Object> all = new LinkedHashMap<>(fields.rest());
    all.forEach(
        (name, value) -> {
          for (Object line : Fields.elements(value)) {
            headers.add(new Header(name, line.toString()));
          }
        });
    return List.copyOf(headers);
  }
}
