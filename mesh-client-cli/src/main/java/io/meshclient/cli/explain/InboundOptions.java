package io.meshclient.cli.explain;

import io.meshclient.access.InboundConnection;
import io.meshclient.identity.SpiffeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Who calls, where {@code --inbound} asks about a request that comes in. */
final class InboundOptions {
  private static final String LOOPBACK = "127.0.0.1";

  @Option(
      names = "--inbound",
      description = "Whether the workload would let the request in; the URL's host is its own.")
  boolean inbound;

  @Option(
      names = "--as",
      converter = Caller.class,
      paramLabel = "SPIFFE-ID",
      description = "Who calls, proven by mutual TLS (default: nobody, in plaintext).")
  @Nullable SpiffeId caller;

  @Option(
      names = "--as-plaintext",
      description = "Says that the call is plaintext, as it is without --as.")
  boolean plaintext;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The workload's port (default: the URL's).")
  @Nullable Integer port;

  @Option(
      names = "--source-ip",
      converter = Address.class,
      paramLabel = "IP",
      description = "The caller's address (default: " + LOOPBACK + ").")
  @Nullable InetAddress source;

  /** A SPIFFE ID of a workload. */
  static final class Caller implements ITypeConverter<SpiffeId> {
    @Override
    public SpiffeId convert(String value) {
      SpiffeId id = SpiffeId.tryParse(value);
      if (id == null || !id.namesWorkload()) {
        throw new TypeConversionException(
            "\"" + value + "\" (expected: spiffe://trust-domain/ns/namespace/sa/name)");
      }
      return id;
    }
  }

  /** An address in digits: no name is looked up. */
  static final class Address implements ITypeConverter<InetAddress> {
    @Override
    public InetAddress convert(String value) {
      boolean digits =
          !value.isEmpty()
              && value.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
              && (value.indexOf(':') >= 0 || Character.isDigit(value.charAt(0)));
      try {
        if (digits) {
          return InetAddress.getByName(value);
        }
      } catch (UnknownHostException e) {
        // told below, as what is no address is
      }
      throw new TypeConversionException("\"" + value + "\" (expected: an IP address)");
    }
  }

  /**
   * What is asked for without {@link #inbound}, where it means nothing; {@code null} if all fits.
   */
  @Nullable String problem() {
    if (!inbound && (caller != null || plaintext || port != null || source != null)) {
      return "--as, --as-plaintext, --port and --source-ip (expected: with --inbound)";
    }
    return caller != null && plaintext ? "--as and --as-plaintext (expected: one of both)" : null;
  }

  AskedInbound ask(Request request) {
    HttpUrl url = request.url();
    InetAddress here = InetAddress.getLoopbackAddress();
    InetAddress from = source == null ? here : source;
    int to = port == null ? url.port() : port;
    boolean secured = caller != null;
    String sni = secured ? url.host() : null;
    return new AskedInbound(request, new InboundConnection(secured, caller, sni, from, here, to));
  }
}
