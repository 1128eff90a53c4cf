package io.meshclient.examples.demo;

import io.meshclient.examples.spans.SpanSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What is around the services, which are the same in all worlds: they are told by environment
 * variables where they are, as Kubernetes would tell them, and ask nothing.
 */
interface World extends AutoCloseable {
  /** In a sentence, for the head of the table. */
  String description();

  /**
   * Makes what has to be there before the services.
   *
   * @return variables for all services
   */
  Map<String, String> begin() throws IOException, InterruptedException;

  /**
   * Where an instance of a service runs.
   *
   * @param isFront whether users call it, who are nobody to the mesh
   */
  Place place(String pod, boolean isFront);

  /**
   * What to tell services that start after this of another's instances.
   *
   * @return entries of {@code MESH_CLIENT_ENDPOINTS}; none where it is the world's to know
   */
  List<String> endpoints(String service, List<ServiceProcess> instances)
      throws InterruptedException;

  /** Where users call web. */
  String front(ServiceProcess web) throws IOException, InterruptedException;

  /** Rows on who may call whom: how one gets to be somebody is the world's. */
  List<Check> identityChecks(Fleet fleet);

  /** Where the services' spans come to, and those of sidecars. Only once it has begun. */
  SpanSource spans();

  /** Whether requests come and go through sidecars, which report spans of their own. */
  boolean hasSidecars();

  /** Ends all that was made. The services have ended. */
  @Override
  void close();
}
