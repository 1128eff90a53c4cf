package io.meshclient.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request and its answer: what span attributes, metrics and log lines are made
 * of. Read on one thread, when the request is over.
 */
public interface RequestFacts {

  /** Which side this is: the caller's, or the server's. */
  boolean isClient();

  String method();

  /** {@code http} or {@code https}. */
  String scheme();

  /** The Host header. */
  String authority();

  /** With its query, as it was asked for. */
  String path();

  /** Such as {@code HTTP/1.1}; empty if there was no answer. */
  String protocol();

  /** 0 if there was none. */
  int status();

  /** Envoy's response flags, separated by commas; empty for none. */
  String flags();

  /** Why the answer is what it is, in Envoy's words, such as {@code via_upstream}. */
  String details();

  /** Why there was no answer from the other side; {@code null} if there was one. */
  @Nullable String failure();

  /**
   * What went wrong in few words, as OpenTelemetry's {@code error.type}: the class of an exception,
   * or a status that tells of an error; {@code null} if nothing did.
   */
  @Nullable String error();

  /** By the wall clock, in milliseconds. */
  long startMillis();

  /** Until now, the answer's body included. */
  long durationNanos();

  /** Until the answer's headers; negative if there were none. */
  long headersNanos();

  /** Of the body. */
  long requestBytes();

  /** Of the body, as far as it was read or written. */
  long responseBytes();

  /** The first value of it; {@code name} in lower case. */
  @Nullable String requestHeader(String name);

  /** The first value of it; {@code name} in lower case. */
  @Nullable String responseHeader(String name);

  /** Who called. */
  Peer source();

  /** Who answered. */
  Peer destination();

  /** The destination's full host name; empty if it is of no service. */
  String service();

  /** Istio's name of the destination, such as {@code outbound|8080||host}; may be empty. */
  String cluster();

  /** Where it was sent to, {@code address:port}. */
  @Nullable String upstreamHost();

  /** Where it came from, {@code address:port}. */
  @Nullable String downstreamHost();

  @Nullable String routeName();

  /**
   * The template of the server's own route, such as {@code /orders/{id}}; {@code null} if none is
   * known.
   */
  default @Nullable String httpRoute() {
    return null;
  }

  /** {@code mutual_tls}, {@code none} or {@code unknown}. */
  String connectionSecurity();

  /** How many tries were made. */
  int attempts();

  /** The request's span; may be invalid. */
  SpanContext span();
}
