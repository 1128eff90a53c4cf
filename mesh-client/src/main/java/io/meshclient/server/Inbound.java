package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import io.meshclient.access.InboundConnection;
import io.meshclient.access.InboundRequest;
import io.meshclient.access.RequestChanges;
import io.meshclient.context.HeaderSource;
import io.meshclient.policy.LocalRateLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as policies and limits see it, with what was changed of it so far. For one thread. */
final class Inbound implements InboundRequest, LocalRateLimit.Request, HeaderSource {
  private final ServerExchange exchange;
  private final InboundConnection connection;
  private final @Nullable AccessVerdict verdict;
  private final RequestChanges changes;
  private @Nullable String path;

  /**
   * @param verdict {@code null} so far
   */
  Inbound(ServerExchange exchange, InboundConnection connection, @Nullable AccessVerdict verdict) {
    this.exchange = exchange;
    this.connection = connection;
    this.verdict = verdict;
    this.changes = verdict == null ? RequestChanges.NONE : verdict.changes();
  }

  /** The same as it goes on. */
  Inbound with(AccessVerdict decided) {
    return new Inbound(exchange, connection, decided);
  }

  /** What was decided; {@code null} where nothing was asked. */
  @Nullable AccessVerdict verdict() {
    return verdict;
  }

  /** Whether it goes on. */
  boolean isAllowed() {
    return verdict == null || verdict.allowed();
  }

  /** How it goes on. */
  RequestChanges changes() {
    return changes;
  }

  ServerExchange exchange() {
    return exchange;
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String target() {
    return changes.target() == null ? exchange.target() : changes.target();
  }

  @Override
  public String authority() {
    return exchange.authority();
  }

  @Override
  public List<String> headers(String name) {
    return values(name);
  }

  @Override
  public InboundConnection connection() {
    return connection;
  }

  /** Decoded, without dots and double slashes: what limits by path go by. */
  String path() {
    String known = path;
    if (known == null) {
      known = Paths.of(target());
      path = known;
    }
    return known;
  }

  @Override
  public String remoteAddress() {
    return connection.source().getHostAddress();
  }

  @Override
  public @Nullable String header(String name) {
    return switch (name) {
      case ":method" -> method();
      case ":path" -> target();
      case ":authority" -> authority();
      default -> {
        List<String> values = values(name);
        yield values.isEmpty() ? null : String.join(",", values);
      }
    };
  }

  @Override
  public Iterable<String> names() {
    if (changes.isNone()) {
      return exchange.headers().names();
    }
    return changes.names(exchange.headers().names());
  }

  @Override
  public List<String> values(String name) {
    return changes.lines(name, exchange.headers().values(name));
  }
}
