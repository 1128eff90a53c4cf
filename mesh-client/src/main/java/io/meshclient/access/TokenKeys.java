package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.JwkSetSource;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys of token issuers that have to be fetched. They outlive an {@link AccessPolicy}: the next
 * one that is compiled with them finds what is there, and what it does not name any more is
 * dropped. There are threads while there are keys to fetch, one for each issuer. Safe from any
 * thread.
 */
public final class TokenKeys implements AutoCloseable {

  /**
   * Where keys come from.
   *
   * @param discovered whether {@code uri} is an OpenID provider, which says where its keys are
   * @param timeout for each answer
   */
  record Origin(URI uri, boolean discovered, Duration timeout) {
    private JwkSetSource source() {
      return discovered ? JwkSetSource.discovered(uri, timeout) : JwkSetSource.of(uri, timeout);
    }
  }

  private final ReentrantLock changing = new ReentrantLock();
  private final Map<Origin, JwkSetSource> sources = new HashMap<>();
  private volatile boolean started;
  private boolean closed;

  /** None yet, and no thread. */
  public TokenKeys() {}

  /**
   * Begins to fetch what policies name, and goes on with what later ones do. A workload that only
   * calls others need not. Calling it again does nothing.
   */
  public void start() {
    if (started) {
      return;
    }
    changing.lock();
    try {
      if (!started && !closed) {
        sources.values().forEach(JwkSetSource::start);
      }
      started = true;
    } finally {
      changing.unlock();
    }
  }

  /** Fetches what is not there yet, and ends what is not asked for. */
  Map<Origin, JwkSetSource> retain(Set<Origin> wanted) {
    requireNonNull(wanted, "wanted");
    changing.lock();
    try {
      for (Map.Entry<Origin, JwkSetSource> known : sources.entrySet()) {
        if (!wanted.contains(known.getKey())) {
          known.getValue().close();
        }
      }
      sources.keySet().retainAll(wanted);
      if (!closed) {
        wanted.forEach(origin -> sources.computeIfAbsent(origin, this::begin));
      }
      return Map.copyOf(sources);
    } finally {
      changing.unlock();
    }
  }

  private JwkSetSource begin(Origin origin) {
    JwkSetSource source = origin.source();
    if (started) {
      source.start();
    }
    return source;
  }

  /** Fetches nothing any more. Policies go on with the keys that are there. */
  @Override
  public void close() {
    changing.lock();
    try {
      closed = true;
      sources.values().forEach(JwkSetSource::close);
      sources.clear();
    } finally {
      changing.unlock();
    }
  }
}
