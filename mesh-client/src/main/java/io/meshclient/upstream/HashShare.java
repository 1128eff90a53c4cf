package io.meshclient.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * An endpoint's part of a ring or a table.
 *
 * @param weight above 0; 1 for all endpoints together
 */
record HashShare(EndpointState endpoint, double weight) {

  /** By the weights of endpoints alone. */
  static List<HashShare> of(List<EndpointState> endpoints) {
    List<HashShare> shares = new ArrayList<>(endpoints.size());
    add(shares, endpoints, 1);
    return shares;
  }

  /** By the weights of localities, and of the endpoints within each. */
  static List<HashShare> of(List<List<EndpointState>> localities, long[] weights) {
    double total = 0;
    for (long weight : weights) {
      total += weight;
    }
    List<HashShare> shares = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        add(shares, localities.get(i), weights[i] / total);
      }
    }
    return shares;
  }

  String key() {
    return endpoint.endpoint().hostPort();
  }

  private static void add(List<HashShare> shares, List<EndpointState> endpoints, double part) {
    double total = 0;
    for (EndpointState endpoint : endpoints) {
      total += endpoint.endpoint().weight();
    }
    for (EndpointState endpoint : endpoints) {
      shares.add(new HashShare(endpoint, endpoint.endpoint().weight() * part / total));
    }
  }
}
