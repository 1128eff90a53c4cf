package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/** What a {@link ValueTemplate} may speak of. */
public interface TemplateContext {

  /**
   * The request as it stands: to operations on it, with what those before have changed; to
   * operations on the answer, as it was sent on.
   */
  RequestView request();

  /** The name of the rule that took the request, and of the match within it. */
  @Nullable String routeName();

  /** The Istio name of the cluster, such as {@code outbound|8080|v1|host}; empty before routing. */
  String cluster();

  /**
   * The status that an endpoint answered; 0 while there is none, as of answers no endpoint gave.
   */
  int responseCode();

  /** The first line of a header of the answer. */
  @Nullable String responseHeader(String name);

  /** {@code address:port} of the endpoint that was called. */
  @Nullable String upstreamHost();

  /** Envoy's response flags, such as {@code UH}; empty for none. */
  String responseFlags();
}
