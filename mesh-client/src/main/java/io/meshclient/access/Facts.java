package io.meshclient.access;

import io.meshclient.identity.SpiffeId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What rules ask of a request, once its path is in its form and its tokens have been looked at. For
 * one thread, and one decision.
 */
final class Facts {
  private static final int LONGEST_ADDRESS = 64;

  private final InboundRequest request;
  private final HiddenHeaders headers;
  private final InboundConnection connection;
  private final String target;
  private final String path;
  private final @Nullable String peer;
  private final @Nullable VerifiedToken token;
  private final RequestChanges changes;
  private @Nullable InetAddress remote;

  Facts(
      InboundRequest request,
      HiddenHeaders headers,
      String target,
      @Nullable VerifiedToken token,
      RequestChanges changes) {
    this.request = request;
    this.headers = headers;
    this.connection = request.connection();
    this.target = target;
    this.path = withoutQuery(target);
    SpiffeId id = connection.peer();
    this.peer = id == null ? null : id.toString();
    this.token = token;
    this.changes = changes;
  }

  InboundRequest request() {
    return request;
  }

  RequestChanges changes() {
    return changes;
  }

  String method() {
    return request.method();
  }

  String authority() {
    return request.authority();
  }

  /** Path and query. */
  String target() {
    return target;
  }

  /** Without the query. */
  String path() {
    return path;
  }

  /** The peer's SPIFFE ID; {@code null} where it has proven none. */
  @Nullable String peer() {
    return peer;
  }

  @Nullable VerifiedToken token() {
    return token;
  }

  InetAddress source() {
    return connection.source();
  }

  InetAddress destination() {
    return connection.destination();
  }

  int port() {
    return connection.port();
  }

  /** Empty without one; Envoy keeps it in lower case. */
  String sni() {
    String name = connection.sni();
    return name == null ? "" : name.toLowerCase(Locale.ROOT);
  }

  /** The last address of x-forwarded-for, or the peer's where that is none. */
  InetAddress remote() {
    InetAddress known = remote;
    if (known == null) {
      known = forwarded();
      remote = known;
    }
    return known;
  }

  private InetAddress forwarded() {
    List<String> lines = sent("x-forwarded-for");
    if (lines.isEmpty()) {
      return source();
    }
    String line = JoinedHeaders.join(lines);
    String last = trimmed(line.substring(line.lastIndexOf(',') + 1));
    InetAddress address = last.length() > LONGEST_ADDRESS ? null : AddressBlock.address(last);
    return address == null ? source() : address;
  }

  /**
   * The values of a header as rules see them, pseudo-headers included.
   *
   * @param name in lower case
   */
  List<String> header(String name) {
    return switch (name) {
      case ":path" -> List.of(target);
      case ":method" -> List.of(request.method());
      case ":authority", "host" ->
          request.authority().isEmpty() ? List.of() : List.of(request.authority());
      case ":scheme" -> List.of(scheme(connection, lines("x-forwarded-proto")));
      default -> lines(name);
    };
  }

  /**
   * What the client is said to have come by.
   *
   * @param forwarded the lines of x-forwarded-proto
   */
  static String scheme(InboundConnection connection, List<String> forwarded) {
    String said = forwarded.size() == 1 ? forwarded.get(0).toLowerCase(Locale.ROOT) : "";
    return said.equals("http") || said.equals("https") ? said : protocol(connection);
  }

  private static String protocol(InboundConnection connection) {
    return connection.secured() ? "https" : "http";
  }

  private List<String> lines(String name) {
    List<String> lines = changes.lines(name, sent(name));
    if (lines.isEmpty() && name.equals("x-forwarded-proto")) {
      return List.of(protocol(connection));
    }
    if (lines.isEmpty() && name.equals("x-request-id")) {
      return List.of(UUID.randomUUID().toString()); // a sidecar gives one to a request without
    }
    return lines.size() > 1 && JoinedHeaders.contains(name)
        ? List.of(JoinedHeaders.join(lines))
        : lines;
  }

  private List<String> sent(String name) {
    List<String> lines = new ArrayList<>();
    headers.visible(name).forEach(line -> lines.add(trimmed(line)));
    return lines;
  }

  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  static String withoutQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
