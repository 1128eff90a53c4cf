package io.meshclient.upstream;

import io.meshclient.policy.XxHash64;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A ring of points, as many for each endpoint as its weight asks, made as Envoy makes it: the same
 * endpoints make the same ring. A request goes to the first point at or behind its hash, so that an
 * endpoint that leaves moves its own requests only.
 */
final class HashRing implements Picker {
  private static final int MOST_POINTS = 8 * 1024 * 1024;

  private final long[] hashes;
  private final EndpointState[] owners;

  private HashRing(long[] hashes, EndpointState[] owners) {
    this.hashes = hashes;
    this.owners = owners;
  }

  /**
   * Builds a ring.
   *
   * @param leastPoints how many points it has at least, where they are not too many
   */
  static Picker of(List<HashShare> shares, int leastPoints) {
    if (shares.isEmpty()) {
      return NONE;
    }
    double least = shares.stream().mapToDouble(HashShare::weight).min().orElse(1);
    double scale = Math.min(Math.ceil(least * leastPoints) / least, MOST_POINTS);
    List<Point> points = new ArrayList<>((int) Math.ceil(scale));
    double wanted = 0;
    for (HashShare share : shares) {
      wanted += scale * share.weight();
      String prefix = share.key() + "_";
      for (int i = 0; points.size() < wanted; i++) {
        points.add(new Point(XxHash64.hash(prefix + i, 0), share.endpoint()));
      }
    }
    points.sort(Comparator.comparing(Point::hash, Long::compareUnsigned));
    return new HashRing(
        points.stream().mapToLong(Point::hash).toArray(),
        points.stream().map(Point::owner).toArray(EndpointState[]::new));
  }

  @Override
  public EndpointState pick(long hash, int attempt) {
    int low = 0;
    int high = hashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(hashes[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return owners[((low == hashes.length ? 0 : low) + attempt) % owners.length];
  }

  int size() {
    return owners.length;
  }

  private record Point(long hash, EndpointState owner) {}
}
