package io.meshclient.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A source of a few small files, which are read once in a while and compared. That sees every kind
 * of replacement on every file system, and needs no guess whether a time stamp tells of it.
 */
abstract class PolledSource extends UpdatedSource {
  private static final int MAX_BYTES = 1 << 20;

  private final List<Path> files;
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<byte[]> taken = List.of();
  private List<byte[]> refused = List.of();
  private @Nullable String unreadable;

  PolledSource(String name, List<Path> files) {
    super(name);
    this.files = files;
  }

  /** The identity that these contents make, in the files' order. */
  abstract WorkloadIdentity load(List<byte[]> contents) throws IdentityException;

  /** Looks at once, and then again and again until it is closed. */
  final void start(Duration interval) {
    look();
    Thread thread = new Thread(() -> watch(interval.toNanos()), "mesh-identity-files");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(long intervalNanos) {
    try {
      while (!closed.await(intervalNanos, TimeUnit.NANOSECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes a new set. One that is no good may be half of one that is being written: it is reported
   * when it is the same at the second look. Who waits no longer than for the first hears of it,
   * too.
   */
  final void look() {
    List<byte[]> contents;
    try {
      contents = read(files);
      unreadable = null;
    } catch (IdentityException e) {
      if (Objects.equals(e.getMessage(), unreadable)) {
        report(e);
      } else {
        suspect(e);
      }
      unreadable = e.getMessage();
      return;
    }
    if (same(contents, taken)) {
      return;
    }
    try {
      publish(load(contents));
      taken = contents;
    } catch (IdentityException e) {
      if (same(contents, refused)) {
        report(e);
      } else {
        suspect(e);
      }
      refused = contents;
    }
  }

  static List<byte[]> read(List<Path> files) throws IdentityException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(read(file));
    }
    return contents;
  }

  private static byte[] read(Path file) throws IdentityException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new IdentityException(file + ": too long (expected: at most 1 MiB)");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new IdentityException(file + ": no such file", e);
    } catch (IdentityException e) {
      throw e;
    } catch (IOException e) {
      throw new IdentityException(file + ": cannot be read: " + Quoted.messageOf(e), e);
    }
  }

  private static boolean same(List<byte[]> one, List<byte[]> other) {
    return Arrays.deepEquals(one.toArray(), other.toArray());
  }

  @Override
  public final void close() {
    closed.countDown();
    super.close();
  }
}
