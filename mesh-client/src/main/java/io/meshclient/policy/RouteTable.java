package io.meshclient.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The virtual hosts of one port, by host name: exact names by hash, wildcards by suffix. */
final class RouteTable {
  private final Map<String, VirtualHost> exact = new HashMap<>();
  private final Map<String, VirtualHost> suffixes = new HashMap<>();
  private final List<VirtualHost> all;
  private @Nullable VirtualHost any;

  /** Of two virtual hosts for one name the first holds. */
  RouteTable(List<VirtualHost> hosts) {
    all = List.copyOf(hosts);
    for (VirtualHost host : hosts) {
      for (String domain : host.domains()) {
        if (domain.equals("*")) {
          any = any == null ? host : any;
        } else if (Names.isWildcard(domain)) {
          suffixes.putIfAbsent(domain.substring(1), host);
        } else {
          exact.putIfAbsent(domain, host);
        }
      }
    }
  }

  /** In the order in which they claim names. */
  List<VirtualHost> hosts() {
    return all;
  }

  /** The longest wildcard wins, an exact name over all of them. */
  @Nullable VirtualHost find(String host) {
    VirtualHost found = exact.get(host);
    if (found != null || suffixes.isEmpty()) {
      return found != null ? found : any;
    }
    for (int i = 1; i < host.length(); i++) {
      found = suffixes.get(host.substring(i));
      if (found != null) {
        return found;
      }
    }
    return any;
  }
}
