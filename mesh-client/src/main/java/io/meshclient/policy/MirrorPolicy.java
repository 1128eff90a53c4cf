package io.meshclient.policy;

/**
 * A destination that gets copies of a share of a route's requests.
 *
 * @param destination without operations of its own: the copy is the request as it is sent on
 * @param percent more than 0, up to 100
 */
public record MirrorPolicy(WeightedCluster destination, double percent) {

  /** In words, for explanations: {@code outbound|8080|v2|ratings for 50 %}. */
  public String describe() {
    return destination.clusterName() + " for " + Shares.words(percent);
  }
}
