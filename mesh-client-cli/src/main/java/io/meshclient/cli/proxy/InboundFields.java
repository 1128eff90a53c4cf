package io.meshclient.cli.proxy;

import io.meshclient.access.HeaderLine;
import io.meshclient.access.HiddenHeaders;
import io.meshclient.access.JoinedHeaders;
import io.meshclient.access.RequestChanges;
import io.meshclient.cli.upstream.Field;
import io.meshclient.context.HeaderSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The header lines that the backend gets, as Envoy's connection manager prepares them before any
 * rule looks: the rules see these, and so nothing that the backend does not get. What Connection
 * names neither of them gets.
 */
final class InboundFields implements HeaderSource {
  static final String XFCC = "x-forwarded-client-cert";

  /** Of the connection, or another's to set, besides {@link HiddenHeaders}. */
  private static final Set<String> DROPPED =
      Set.of(
          "host", "connection", "upgrade", "http2-settings", XFCC, "x-envoy-decorator-operation");

  /** Those that belong to another protocol, of which WebSocket alone is gone on with. */
  private static final Set<String> UPGRADE = Set.of("connection", "upgrade");

  /** Rules look at them, and then they end here: framing is the next connection's affair. */
  private static final Set<String> ENDED = Set.of("expect", "content-length");

  private final List<Field> fields;

  private InboundFields(List<Field> fields) {
    this.fields = fields;
  }

  /**
   * Prepares a client's header lines.
   *
   * @param authority what Host becomes
   * @param caller what x-forwarded-client-cert says of the caller; {@code null} for plain text,
   *     where nobody says anything
   */
  static InboundFields of(
      HttpFields sent, String authority, boolean secured, @Nullable String caller) {
    List<Field> fields = new ArrayList<>(sent.size() + 4);
    fields.add(new Field("Host", authority));
    Set<String> joined = new HashSet<>();
    Set<String> nominated = nominated(sent);
    boolean webSocket = asksForWebSocket(sent);
    for (HttpField field : sent) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      if (DROPPED.contains(name) && !(webSocket && UPGRADE.contains(name))
          || HiddenHeaders.contains(name)
          || nominated.contains(name)) {
        continue;
      }
      if (!JoinedHeaders.contains(name)) {
        String value = field.getValue();
        fields.add(new Field(field.getName(), value == null ? "" : value));
      } else if (joined.add(name)) {
        for (String line : joined(name, sent.getValuesList(name))) {
          fields.add(new Field(field.getName(), line));
        }
      }
    }
    if (caller != null) {
      List<String> elements = new ArrayList<>(sent.getValuesList(XFCC));
      elements.add(caller);
      fields.add(new Field(XFCC, String.join(",", elements)));
    }
    if (!sent.contains("x-forwarded-proto")) {
      fields.add(new Field("x-forwarded-proto", secured ? "https" : "http"));
    }
    if (!sent.contains("x-request-id")) {
      fields.add(new Field("x-request-id", UUID.randomUUID().toString()));
    }
    return new InboundFields(fields);
  }

  private static List<String> joined(String name, List<String> lines) {
    return name.equals("te") ? HiddenHeaders.encodings(lines) : List.of(JoinedHeaders.join(lines));
  }

  static boolean asksForWebSocket(HttpFields sent) {
    return HiddenHeaders.isWebSocket(
        sent.getValuesList(HttpHeader.UPGRADE), sent.getValuesList(HttpHeader.CONNECTION));
  }

  /** The headers that Connection names. */
  static Set<String> nominated(HttpFields sent) {
    return HiddenHeaders.nominated(sent.getValuesList(HttpHeader.CONNECTION));
  }

  /** What is sent on, once it was decided. */
  List<Field> with(RequestChanges changes) {
    List<Field> changed = new ArrayList<>(fields);
    changed.removeIf(
        field -> {
          String name = field.name().toLowerCase(Locale.ROOT);
          return ENDED.contains(name) || changes.removed().contains(name);
        });
    for (HeaderLine line : changes.added()) {
      changed.add(new Field(line.name(), WireText.encode(line.value())));
    }
    return changed;
  }

  @Override
  public Iterable<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  @Override
  public List<String> values(String name) {
    List<String> values = new ArrayList<>(1);
    for (Field field : fields) {
      if (field.is(name)) {
        values.add(WireText.decode(field.value()));
      }
    }
    return values;
  }
}
