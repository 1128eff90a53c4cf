package io.meshclient.upstream;

import io.meshclient.policy.LoadBalancing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The choice among a cluster's endpoints in the state of health they have just now. Immutable. */
final class Choice {

  /** How often a retry looks for an endpoint that was not tried before it takes what it got. */
  private static final int PICKS = 6;

  /** Retries that leave priorities do so after every second try. */
  private static final int TRIES_IN_A_PRIORITY = 2;

  private final LoadBalancing settings;
  private final PriorityLoad load;
  private final Picker[] pickers;
  private final Sources sources;

  private Choice(LoadBalancing settings, PriorityLoad load, Picker[] pickers, Sources sources) {
    this.settings = settings;
    this.load = load;
    this.pickers = pickers;
    this.sources = sources;
  }

  static Choice of(LoadBalancing settings, List<EndpointState> endpoints, Sources sources) {
    List<Tier> tiers = Tier.of(endpoints);
    PriorityLoad load =
        PriorityLoad.of(
            tiers.stream().mapToInt(Tier::size).toArray(),
            tiers.stream().mapToInt(Tier::healthy).toArray(),
            settings.panicPercent());
    Picker[] pickers = new Picker[tiers.size()];
    for (int i = 0; i < pickers.length; i++) {
      pickers[i] = tiers.get(i).picker(settings, load.isPanic(i), sources);
    }
    return new Choice(settings, load, pickers, sources);
  }

  @Nullable EndpointState pick(long hash, List<EndpointState> avoid, List<EndpointState> leave) {
    boolean hashes = settings.policy().hashes();
    PriorityLoad now = hashes || leave.size() < TRIES_IN_A_PRIORITY ? load : rest(leave);
    EndpointState picked = null;
    long draw = hash;
    for (int attempt = 0; attempt < PICKS; attempt++) {
      picked = pickers[now.pick(draw)].pick(hash, attempt);
      if (picked == null || !avoid.contains(picked)) {
        return picked;
      }
      draw = hashes ? draw : sources.random().get().nextLong();
    }
    return picked;
  }

  /** Without the priorities that were tried; the last try counts when it makes two. */
  private PriorityLoad rest(List<EndpointState> tried) {
    long left = 0;
    for (int i = 0; i < tried.size() - tried.size() % TRIES_IN_A_PRIORITY; i++) {
      int priority = tried.get(i).endpoint().priority();
      left |= priority < Long.SIZE ? 1L << priority : 0;
    }
    return load.without(left);
  }

  int percent(int priority) {
    return load.percent(priority);
  }
}
