package io.meshclient;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Dns;

/**
 * Leads TLS connections to endpoints while the URL keeps the name that certificates, pins and SNI
 * speak of: one {@link Dns} for each address. OkHttp pools connections by host, port and Dns, so
 * that each endpoint has connections of its own.
 */
final class EndpointDns {
  private final Dns names;
  private final ConcurrentHashMap<String, Dns> byAddress = new ConcurrentHashMap<>();

  /**
   * @param names resolves endpoints that are given by name
   */
  EndpointDns(Dns names) {
    this.names = names;
  }

  Dns of(String address) {
    Dns known = byAddress.get(address);
    return known != null ? known : byAddress.computeIfAbsent(address, To::new);
  }

  /** Forgets the addresses that no policy names any more. */
  void retain(Collection<String> addresses) {
    byAddress.keySet().retainAll(Set.copyOf(addresses));
  }

  /** Whether a host is an IP address rather than a name. */
  static boolean isAddress(String host) {
    if (host.indexOf(':') >= 0) {
      return true;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return !host.isEmpty();
  }

  private final class To implements Dns {
    private final String address;

    To(String address) {
      this.address = address;
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
      return isAddress(address) ? List.of(InetAddress.getByName(address)) : names.lookup(address);
    }
  }
}
