package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/** What a {@link ValueTemplate} may speak of. */
public interface TemplateContext {

  RequestView request();

  /** The Istio name of the cluster, such as {@code outbound|8080|v1|host}; empty before routing. */
  String cluster();

  /** The status of the answer; 0 while there is none. */
  int responseCode();

  /** The first line of a header of the answer. */
  @Nullable String responseHeader(String name);

  /** {@code address:port} of the endpoint that was called. */
  @Nullable String upstreamHost();

  /** Envoy's response flags, such as {@code UH}; empty for none. */
  String responseFlags();
}
