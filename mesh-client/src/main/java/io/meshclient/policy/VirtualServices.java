package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Order;
import io.meshclient.istio.VirtualService;
import io.meshclient.istio.VirtualService.Delegate;
import io.meshclient.istio.VirtualService.HttpRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The VirtualServices that a workload can see, oldest first, delegates put in their places. */
final class VirtualServices {

  /** The gateway name that means the sidecars. */
  static final String MESH = "mesh";

  /** A rule and where it comes from. */
  record Expanded(HttpRule rule, Rule origin) {}

  /** One VirtualService, its hosts in full. */
  record Seen(VirtualService source, String namespace, List<String> hosts, List<Expanded> rules) {}

  private final Configuration configuration;
  private final Workload workload;
  private final Problems problems;
  private final EngineChecks checks;

  VirtualServices(Configuration configuration, Workload workload, Problems problems) {
    this.configuration = configuration;
    this.workload = workload;
    this.problems = problems;
    this.checks = new EngineChecks(problems);
  }

  List<Seen> seen() {
    List<Seen> seen = new ArrayList<>();
    String own = workload.namespace();
    for (VirtualService source : Order.oldestFirst(configuration.all(VirtualService.class), own)) {
      String namespace = source.metadata().namespaceOr(own);
      boolean forMesh =
          source.spec().gateways().isEmpty() || source.spec().gateways().contains(MESH);
      if (source.spec().hosts().isEmpty()
          || !forMesh
          || !exported(source, namespace, own)
          || !checks.isSound(source)) {
        continue;
      }
      List<String> hosts =
          source.spec().hosts().stream()
              .map(host -> Names.resolve(host, namespace, workload.domain()))
              .toList();
      seen.add(new Seen(source, namespace, hosts, expand(source, namespace)));
    }
    return seen;
  }

  private List<Expanded> expand(VirtualService source, String namespace) {
    List<Expanded> rules = new ArrayList<>();
    List<HttpRule> http = source.spec().http();
    for (int i = 0; i < http.size(); i++) {
      HttpRule rule = http.get(i);
      String path = "http[" + i + "]";
      if (rule.delegate() == null) {
        rules.add(
            new Expanded(rule, Rule.of(source, namespace, rule.location(), path, rule.name())));
        continue;
      }
      VirtualService delegate = find(rule.delegate(), namespace);
      if (delegate == null) {
        problems.add(
            Problems.Code.MISSING_DELEGATE,
            rule.location(),
            path + ".delegate",
            "no VirtualService \""
                + rule.delegate().name()
                + "\" without hosts can be seen; the rule is passed over");
        continue;
      }
      addDelegated(rules, rule, path, delegate, namespace);
    }
    return rules;
  }

  private void addDelegated(
      List<Expanded> rules, HttpRule root, String path, VirtualService delegate, String namespace) {
    for (HttpRule merged : Delegates.merge(root, delegate)) {
      String in = delegate.metadata().namespaceOr(namespace);
      String name = path + " -> " + delegate.metadata().name();
      rules.add(
          new Expanded(merged, Rule.of(delegate, in, merged.location(), name, merged.name())));
    }
  }

  private @Nullable VirtualService find(Delegate named, String namespace) {
    String wanted =
        named.namespace() == null || named.namespace().isEmpty() ? namespace : named.namespace();
    for (VirtualService candidate : configuration.all(VirtualService.class)) {
      if (candidate.spec().hosts().isEmpty()
          && candidate.metadata().name().equals(named.name())
          && candidate.metadata().namespaceOr(workload.namespace()).equals(wanted)
          && exported(candidate, wanted, namespace)
          && checks.isSound(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean exported(VirtualService source, String owner, String viewer) {
    return Exports.visible(
        source.spec().exportTo(),
        configuration.mesh().defaultVirtualServiceExportTo(),
        owner,
        viewer);
  }
}
