package io.meshclient.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a server listens.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 0 for any free one
 */
public record HostPort(String host, int port) {

  /** {@code host:port}, with brackets around an IPv6 address. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Parses {@code HOST:PORT}. */
  public static final class Converter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String value) {
      int colon = value.lastIndexOf(':');
      String host = colon < 0 ? "" : value.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        host = "";
      }
      int port = host.isEmpty() ? -1 : port(value.substring(colon + 1));
      if (port < 0) {
        throw new TypeConversionException(
            "\"" + value + "\" (expected: HOST:PORT, the port from 0 to 65535)");
      }
      return new HostPort(host, port);
    }

    private static int port(String text) {
      try {
        int port = Integer.parseInt(text);
        return port > 65535 ? -1 : port;
      } catch (NumberFormatException e) {
        return -1;
      }
    }
  }
}
