package io.meshclient.telemetry;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines on a thread of its own, so that no request waits for a disk. Bounded: what comes
 * while the queue is full is dropped, and counted. Safe from any thread.
 */
final class AccessLogWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AccessLogWriter.class);
  private static final int MOST_WAITING = 8192;
  private static final long IDLE_MILLIS = 100;
  private static final long CLOSE_MILLIS = 2000;

  private record Line(String path, String text) {}

  private final ArrayBlockingQueue<Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final Map<String, OutputStream> files = new HashMap<>();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /** Lines that were dropped so far. */
  long dropped() {
    return dropped.get();
  }

  void write(String path, String text) {
    if (closed || !waiting.offer(new Line(path, text))) {
      dropped.incrementAndGet();
      return;
    }
    if (thread == null) {
      start();
    }
  }

  private void start() {
    Thread made = new Thread(this::run, "mesh-client access log");
    made.setDaemon(true);
    synchronized (files) {
      if (thread != null) {
        return;
      }
      thread = made;
    }
    made.start();
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        Line line = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        while (line != null) {
          write(line);
          line = waiting.poll();
        }
        flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() gave up waiting
    } finally {
      files.forEach(AccessLogWriter::close);
    }
  }

  private void write(Line line) {
    try {
      file(line.path()).write(line.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      if (dropped.getAndIncrement() == 0) {
        log.warn("Access log cannot be written: {}", line.path(), e);
      }
    }
  }

  private OutputStream file(String path) throws IOException {
    OutputStream open = files.get(path);
    if (open == null) {
      open =
          switch (path) {
            case "/dev/stdout" -> System.out;
            case "/dev/stderr" -> System.err;
            default -> new BufferedOutputStream(new FileOutputStream(path, true));
          };
      files.put(path, open);
    }
    return open;
  }

  private void flush() {
    files.forEach(
        (path, file) -> {
          try {
            file.flush();
          } catch (IOException e) {
            log.warn("Access log cannot be written: {}", path, e);
          }
        });
  }

  private static void close(String path, OutputStream file) {
    try {
      file.flush();
      if (file != System.out && file != System.err) {
        file.close();
      }
    } catch (IOException e) {
      log.warn("Access log cannot be closed: {}", path, e);
    }
  }

  /** Writes what waits, within two seconds. */
  @Override
  public void close() {
    closed = true;
    Thread writing = thread;
    if (writing == null) {
      return;
    }
    try {
      writing.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writing.interrupt();
  }
}
