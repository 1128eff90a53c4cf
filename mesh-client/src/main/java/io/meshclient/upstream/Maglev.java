package io.meshclient.upstream;

import io.meshclient.policy.XxHash64;
import java.util.Comparator;
import java.util.List;

/**
 * A Maglev table, made as Envoy makes it: the same endpoints make the same table. Each endpoint
 * claims places in an order of its own, in turn, so that shares are even and an endpoint that
 * leaves moves few requests but its own.
 */
final class Maglev implements Picker {
  private final EndpointState[] table;

  private Maglev(EndpointState[] table) {
    this.table = table;
  }

  /**
   * Builds a table.
   *
   * @param size a prime
   */
  static Picker of(List<HashShare> shares, int size) {
    if (shares.isEmpty()) {
      return NONE;
    }
    double greatest = shares.stream().mapToDouble(HashShare::weight).max().orElse(1);
    Claims[] all =
        shares.stream()
            .sorted(Comparator.comparing(HashShare::key))
            .map(share -> new Claims(share, size))
            .toArray(Claims[]::new);
    EndpointState[] table = new EndpointState[size];
    int taken = 0;
    for (long round = 1; taken < size; round++) {
      for (int i = 0; i < all.length && taken < size; i++) {
        Claims claims = all[i];
        if (round * claims.share.weight() < claims.target) {
          continue;
        }
        claims.target += greatest;
        int place = claims.next();
        while (table[place] != null) {
          place = claims.next();
        }
        table[place] = claims.share.endpoint();
        taken++;
      }
    }
    return new Maglev(table);
  }

  @Override
  public EndpointState pick(long hash, int attempt) {
    long moved = attempt == 0 ? hash : hash ^ -attempt;
    return table[(int) Long.remainderUnsigned(moved, table.length)];
  }

  /** The places that one endpoint asks for, one after the other. */
  private static final class Claims {
    private final HashShare share;
    private final int size;
    private final long skip;
    private long place;
    private double target;

    Claims(HashShare share, int size) {
      this.share = share;
      this.size = size;
      this.place = Long.remainderUnsigned(XxHash64.hash(share.key(), 0), size);
      this.skip = Long.remainderUnsigned(XxHash64.hash(share.key(), 1), size - 1L) + 1;
    }

    int next() {
      int now = (int) place;
      place = (place + skip) % size;
      return now;
    }
  }
}
