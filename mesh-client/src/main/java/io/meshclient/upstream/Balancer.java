package io.meshclient.upstream;

import io.meshclient.policy.ClusterSettings.LoadBalancing;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses among endpoints; there is at least one. */
interface Balancer {

  EndpointState pick();

  static Balancer of(LoadBalancing kind, List<EndpointState> list) {
    EndpointState[] endpoints = list.toArray(new EndpointState[0]);
    return switch (kind) {
      case ROUND_ROBIN -> new RoundRobin(WeightedTurns.of(endpoints));
      case RANDOM -> new Random(WeightedTurns.of(endpoints));
      case LEAST_REQUEST -> new LeastRequest(WeightedTurns.of(endpoints));
    };
  }

  /** In turn, from a random start, so that many clients do not march in step. */
  final class RoundRobin implements Balancer {
    private final EndpointState[] turns;
    private final AtomicInteger next;

    RoundRobin(EndpointState[] turns) {
      this.turns = turns;
      this.next = new AtomicInteger(ThreadLocalRandom.current().nextInt(Math.max(1, turns.length)));
    }

    @Override
    public EndpointState pick() {
      return turns[Math.floorMod(next.getAndIncrement(), turns.length)];
    }
  }

  final class Random implements Balancer {
    private final EndpointState[] turns;

    Random(EndpointState[] turns) {
      this.turns = turns;
    }

    @Override
    public EndpointState pick() {
      return turns[ThreadLocalRandom.current().nextInt(turns.length)];
    }
  }

  /** Of two at random the one with fewer requests under way. */
  final class LeastRequest implements Balancer {
    private final EndpointState[] turns;

    LeastRequest(EndpointState[] turns) {
      this.turns = turns;
    }

    @Override
    public EndpointState pick() {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      EndpointState one = turns[random.nextInt(turns.length)];
      EndpointState other = turns[random.nextInt(turns.length)];
      return other.active() < one.active() ? other : one;
    }
  }

  /** Endpoints repeated by their weights and interleaved; as they are where all weigh the same. */
  final class WeightedTurns {
    private static final int MOST = 1000;

    private WeightedTurns() {}

    static EndpointState[] of(EndpointState[] endpoints) {
      int[] weights = Arrays.stream(endpoints).mapToInt(e -> e.endpoint().weight()).toArray();
      long total = Arrays.stream(weights).asLongStream().sum();
      if (Arrays.stream(weights).distinct().count() <= 1) {
        return endpoints;
      }
      int turns = (int) Math.min(total, MOST);
      EndpointState[] order = new EndpointState[turns];
      double[] credit = new double[endpoints.length];
      for (int turn = 0; turn < turns; turn++) {
        int best = 0;
        for (int i = 0; i < endpoints.length; i++) {
          credit[i] += (double) weights[i] / total;
          best = credit[i] > credit[best] ? i : best;
        }
        credit[best] -= 1;
        order[turn] = endpoints[best];
      }
      return order;
    }
  }
}
