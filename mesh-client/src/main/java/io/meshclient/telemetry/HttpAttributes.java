package io.meshclient.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Set;

/**
 * The attributes of OpenTelemetry's stable <a
 * href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">conventions for HTTP</a>, and
 * those of what was decided, which are ours.
 */
final class HttpAttributes {
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> METHOD_AS_SENT =
      AttributeKey.stringKey("http.request.method_original");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<Long> RESEND = AttributeKey.longKey("http.request.resend_count");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
  static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
  static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
  static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("network.protocol.version");
  static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
  static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");

  /** In metrics and names all others are one. */
  private static final Set<String> METHODS =
      Set.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

  static final String OTHER_METHOD = "_OTHER";

  private HttpAttributes() {}

  /** How a span is named as long as no route is known. */
  static String name(String method) {
    return METHODS.contains(method) ? method : "HTTP";
  }

  static String method(String method) {
    return METHODS.contains(method) ? method : OTHER_METHOD;
  }

  /** {@code HTTP/1.1} is version {@code 1.1}, {@code HTTP/2} is {@code 2}. */
  static String version(String protocol) {
    String version = protocol.substring(protocol.indexOf('/') + 1);
    return version.equals("2.0") ? "2" : version;
  }

  /** What is known at the end. */
  static void end(Span span, RequestFacts facts) {
    if (facts.status() != 0) {
      span.setAttribute(STATUS, (long) facts.status());
    }
    if (!facts.protocol().isEmpty()) {
      span.setAttribute(PROTOCOL, version(facts.protocol()));
    }
    String error = facts.error();
    if (error != null) {
      span.setAttribute(ERROR, error);
      String failure = facts.failure();
      span.setStatus(StatusCode.ERROR, failure == null ? "" : failure);
    }
    String route = facts.httpRoute();
    if (route != null) {
      span.setAttribute(ROUTE, route);
      span.updateName(name(facts.method()) + " " + route);
    }
    decision(span, facts);
  }

  private static void decision(Span span, RequestFacts facts) {
    text(span, "mesh.service", facts.service());
    text(span, "mesh.cluster", facts.cluster());
    text(span, "mesh.flags", facts.flags());
    if (facts.isClient() && facts.attempts() > 1) {
      span.setAttribute("mesh.retries", facts.attempts() - 1L);
    }
  }

  static void text(Span span, String name, String value) {
    if (!value.isEmpty()) {
      span.setAttribute(name, value);
    }
  }
}
