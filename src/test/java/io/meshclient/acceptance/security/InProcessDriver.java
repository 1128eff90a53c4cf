package io.meshclient.acceptance.security;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessSettings;
import io.meshclient.access.AccessVerdict;
import io.meshclient.access.DryRun;
import io.meshclient.access.HeaderLine;
import io.meshclient.access.HiddenHeaders;
import io.meshclient.access.JoinedHeaders;
import io.meshclient.access.PeerMode;
import io.meshclient.access.RequestChanges;
import io.meshclient.identity.SpiffeId;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Asks the policies in the process: no connection is made, the caller is who the case says. */
final class InProcessDriver implements Driver {

  private static final Set<String> COMPARED =
      Set.of("response_headers", "policy", "details", "audit", "dry_run");

  private final AccessPolicy policy;
  private final List<String> trustDomains;
  private final List<String> problems;

  private InProcessDriver(Configuration configuration, AccessPolicy policy) {
    this.policy = policy;
    this.trustDomains = new ArrayList<>(configuration.mesh().trustDomainAliases());
    trustDomains.add(configuration.mesh().trustDomain());
    this.problems = new ArrayList<>();
    configuration.problems().forEach(problem -> problems.add(problem.toString()));
    policy.problems().forEach(problem -> problems.add(problem.toString()));
  }

  static InProcessDriver open(SecurityCase securityCase) {
    Configuration configuration =
        Configuration.read(
            ConfigSource.yaml(securityCase.name() + ".case.yaml", securityCase.config()),
            ConfigSource.yaml("mesh.yaml", meshConfigMap(securityCase.mesh())));
    AccessPolicy policy =
        AccessPolicy.compile(
            configuration, securityCase.namespace(), securityCase.labels(), AccessSettings.DEFAULT);
    return new InProcessDriver(configuration, policy);
  }

  private static String meshConfigMap(String mesh) {
    if (mesh.isBlank()) {
      return "";
    }
    String head =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data:
          mesh: |
        """;
    return head + mesh.indent(4);
  }

  @Override
  public JsonObject send(Outbound request) {
    JsonObject seen = new JsonObject();
    if (isRefused(request.caller())) {
      seen.addProperty("status", "closed");
      return seen;
    }
    AccessVerdict verdict = policy.check(AskedRequest.of(request));
    addAnswer(seen, request, verdict);
    if (verdict.allowed() && verdict.rule() != null) {
      seen.addProperty("policy", verdict.rule());
    }
    if (verdict.details() != null) {
      seen.addProperty("details", verdict.details());
    }
    seen.addProperty("audit", verdict.audited());
    addDryRun(seen, verdict.dryRun());
    seen.addProperty("reasons", String.join("; ", verdict.reasons()));
    return seen;
  }

  /** What a handshake comes to, and what a port takes. */
  private boolean isRefused(Caller caller) {
    PeerMode mode = policy.peerMode(caller.port());
    if (!caller.tls()) {
      return mode == PeerMode.STRICT;
    }
    boolean proven = caller.identity() != null && !caller.untrusted();
    boolean ofIstio = caller.alpn().stream().anyMatch(protocol -> protocol.startsWith("istio"));
    return mode == PeerMode.DISABLE
        || (mode == PeerMode.PERMISSIVE && !ofIstio)
        || !proven
        || !trustDomains.contains(SpiffeId.parse(caller.identity()).trustDomain().toString());
  }

  private static void addAnswer(JsonObject seen, Outbound request, AccessVerdict verdict) {
    AccessVerdict.Refusal refusal = verdict.refusal();
    if (refusal == null) {
      seen.addProperty("status", 200);
      seen.add("upstream", upstream(request, verdict.changes()));
      return;
    }
    seen.addProperty("status", refusal.status());
    seen.addProperty("body", request.method().equals("HEAD") ? "" : refusal.body());
    JsonArray headers = new JsonArray();
    for (HeaderLine line : refusal.headers()) {
      JsonArray pair = new JsonArray();
      pair.add(line.name().toLowerCase(Locale.ROOT));
      pair.add(line.value());
      headers.add(pair);
    }
    if (!headers.isEmpty()) {
      seen.add("response_headers", headers);
    }
  }

  private static JsonObject upstream(Outbound request, RequestChanges changes) {
    List<Header> headers = new ArrayList<>();
    Map<String, List<String>> sent = new LinkedHashMap<>();
    for (Header header : request.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      sent.computeIfAbsent(name, any -> new ArrayList<>()).add(header.value().strip());
    }
    sent.keySet().removeAll(changes.removed());
    sent.forEach(
        (name, lines) -> {
          List<String> onward =
              name.equals("te")
                  ? HiddenHeaders.encodings(lines)
                  : JoinedHeaders.contains(name) ? List.of(JoinedHeaders.join(lines)) : lines;
          onward.forEach(line -> headers.add(new Header(name, line)));
        });
    changes.added().forEach(line -> headers.add(new Header(line.name(), line.value())));
    String target = changes.target() == null ? request.target() : changes.target();
    return Recorded.upstream(request.method(), target, headers);
  }

  private static void addDryRun(JsonObject seen, DryRun dryRun) {
    JsonObject json = new JsonObject();
    if (dryRun.allowed() != null) {
      json.addProperty("allow_result", dryRun.allowed() ? "allowed" : "denied");
    }
    if (dryRun.allowRule() != null) {
      json.addProperty("allow_policy", dryRun.allowRule());
    }
    if (dryRun.denied() != null) {
      json.addProperty("deny_result", dryRun.denied() ? "denied" : "allowed");
    }
    if (dryRun.denyRule() != null) {
      json.addProperty("deny_policy", dryRun.denyRule());
    }
    if (!json.isEmpty()) {
      seen.add("dry_run", json);
    }
  }

  @Override
  public Set<String> compared() {
    return COMPARED;
  }

  @Override
  public Set<String> unseen() {
    return Set.of("xfcc");
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  @Override
  public void close() {}
}
