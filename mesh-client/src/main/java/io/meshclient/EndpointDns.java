package io.meshclient;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Leads TLS connections to an endpoint while the URL keeps the name that certificates, pins and SNI
 * speak of. OkHttp pools connections by host, port and Dns, equal ones counting as one, so that
 * each endpoint has connections of its own.
 *
 * @param names resolves an address that is a name
 */
record EndpointDns(Dns names, String address) implements Dns {

  @Override
  public List<InetAddress> lookup(String hostname) throws UnknownHostException {
    return isLiteral(address) ? List.of(InetAddress.getByName(address)) : names.lookup(address);
  }

  private static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }
}
