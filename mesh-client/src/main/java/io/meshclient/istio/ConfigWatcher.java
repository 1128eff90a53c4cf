package io.meshclient.istio;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads configuration, and reads it again within a second of a change of its files: edits in place,
 * renames over them, and the swap of links by which Kubernetes updates a mounted ConfigMap.
 *
 * <p>A document that a change has broken stays in force as it last was, and so does everything of a
 * file or directory that was named as a source and is gone; problems tell. A document that was
 * taken out of a file without errors is gone, and so are those of a file deleted from a directory.
 *
 * <p>Files are looked at by a daemon thread of its own, on which the callback runs too. All methods
 * may be called from any thread.
 */
public final class ConfigWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigWatcher.class);

  private static final long LOOK_MILLIS = 150;

  /** A change is taken once it has been the same for this long: files are written in parts. */
  private static final long SETTLE_MILLIS = 50;

  private static final int SETTLE_LOOKS = 6;

  /** For a source without files, which may be in the midst of a swap. */
  private static final int LOST_LOOKS = 9;

  private final WatchedSources sources;
  private final Consumer<Configuration> onChange;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private WatchedSources.Scan applied;
  private volatile Configuration current;

  private ConfigWatcher(List<ConfigSource> sources, Consumer<Configuration> onChange) {
    this.sources = new WatchedSources(sources);
    this.onChange = onChange;
    WatchedSources.Taken taken = this.sources.read(this.sources.scan());
    this.applied = taken.scan();
    this.current = taken.configuration();
    this.thread = new Thread(this::watch, "mesh-config-watcher");
    this.thread.setDaemon(true);
  }

  /**
   * Reads the sources, so that {@link #current} has them, and begins to watch those that are files.
   *
   * @param onChange gets each later configuration; what it throws is logged
   */
  public static ConfigWatcher start(List<ConfigSource> sources, Consumer<Configuration> onChange) {
    ConfigWatcher watcher =
        new ConfigWatcher(requireNonNull(sources, "sources"), requireNonNull(onChange, "onChange"));
    if (sources.stream().anyMatch(source -> source.path() != null)) {
      watcher.thread.start();
    }
    return watcher;
  }

  /** What was read last. */
  public Configuration current() {
    return current;
  }

  /** Ends the watching; the callback is not called any more, unless it is running just now. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          look();
        } catch (RuntimeException e) {
          log.warn("Configuration cannot be read again", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // someone ends the thread: so be it
    }
  }

  private void look() throws InterruptedException {
    WatchedSources.Scan seen = sources.scan();
    if (seen.equals(applied)) {
      return;
    }
    boolean same = false;
    for (int i = 0; i < (seen.lost(applied) ? LOST_LOOKS : SETTLE_LOOKS); i++) {
      if (same && !seen.lost(applied)) {
        break;
      }
      if (closed.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
      WatchedSources.Scan again = sources.scan();
      same = again.equals(seen);
      seen = again;
    }
    if (!seen.equals(applied)) {
      apply(seen);
    }
  }

  private void apply(WatchedSources.Scan scan) {
    WatchedSources.Taken taken = sources.read(scan);
    applied = taken.scan();
    current = taken.configuration();
    try {
      onChange.accept(taken.configuration());
    } catch (RuntimeException | Error e) {
      log.error("A listener failed on a new configuration", e);
    }
  }
}
