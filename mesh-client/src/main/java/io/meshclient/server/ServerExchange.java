package io.meshclient.server;

import io.meshclient.context.HeaderSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One inbound request and its answer, whatever server it came by: what a {@link ServerPipeline}
 * looks at. For one thread.
 */
public interface ServerExchange {

  /** As it was sent. */
  String method();

  /** Path and query as they were sent, with a fragment if there was one. */
  String target();

  /** Host and port as they were sent; empty if the request names none. */
  String authority();

  HeaderSource headers();

  /** The address at the other end of the connection. */
  InetSocketAddress remote();

  /** The address here. */
  InetSocketAddress local();

  /** Whether the connection is TLS. */
  boolean secured();

  /** The connection's session; {@code null} for plain text, and where the server does not tell. */
  @Nullable SSLSession session();

  /**
   * The certificates that the client showed, the leaf first, for servers that tell no session;
   * empty if it showed none. They need not be verified.
   */
  default List<X509Certificate> certificates() {
    return List.of();
  }

  /** The server that the client asked for in the handshake (SNI); {@code null} for none. */
  default @Nullable String serverName() {
    if (session() instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName();
        }
      }
    }
    return null;
  }

  /** A header that the answer has already. */
  boolean hasAnswerHeader(String name);

  /** The first value of a header that the answer has; {@code null} if it has none. */
  default @Nullable String answerHeader(String name) {
    return null;
  }

  /** Such as {@code HTTP/1.1}; empty if the server does not tell. */
  default String protocol() {
    return "";
  }

  /** Adds a header to the answer, whoever answers. */
  void addAnswerHeader(String name, String value);

  /** Replaces a header of the answer, whoever answers. */
  void setAnswerHeader(String name, String value);

  /**
   * Answers in the handler's place.
   *
   * @param body plain text; empty for none
   */
  void answer(int status, String body) throws IOException;

  /** Ends the connection without an answer. */
  void cut() throws IOException;

  /** No other request follows on the connection; the answer says so. */
  void endConnection();

  /** The answer's status; 0 while there is none. */
  int status();

  /**
   * The template of the route by which the server found its handler, such as {@code /orders/{id}},
   * with what the application as a whole is mounted at; {@code null} if the server does not tell.
   * Asked when the answer is complete.
   */
  default @Nullable String route() {
    return null;
  }

  /**
   * Somebody wants to know how long the bodies are; told before the first byte of either passes.
   * Who does not count lets the announced lengths stand for them.
   */
  default void countBodies() {}

  /** What was read of the request's body so far, in bytes; negative if nobody counts. */
  default long requestBytes() {
    return -1;
  }

  /** What was written of the answer's body so far, in bytes; negative if nobody counts. */
  default long responseBytes() {
    return -1;
  }

  /**
   * Has something run when the answer is complete, or as near to that as the server tells. By
   * default that is at once: when the handler has returned.
   */
  default void whenDone(Runnable task) {
    task.run();
  }
}
