package io.meshclient.access;

import java.util.List;

/** What a workload's policies look at of a request that comes in. For one thread. */
public interface InboundRequest {

  /** As it was sent. */
  String method();

  /** Path and query, as they were sent. */
  String target();

  /** Host and port, as they were sent; empty if the request names none. */
  String authority();

  /**
   * The values of a header, one for each line, in order; empty if there is none. {@code
   * x-forwarded-client-cert} is what the workload is to get: the client's own lines are gone where
   * it proved no identity, else the proven one is appended.
   *
   * @param name in lower case
   */
  List<String> headers(String name);

  /** What the request came by. */
  InboundConnection connection();
}
