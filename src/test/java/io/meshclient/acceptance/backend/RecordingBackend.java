package io.meshclient.acceptance.backend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One backend on an ephemeral port, for what stands in front of a single workload. Keeps every
 * request by {@code x-test-id}. Safe for use by any thread.
 */
public final class RecordingBackend implements AutoCloseable {

  private static final Pod POD = new Pod("workload", "workload", "v1", "127.0.0.1", 0, "");

  private final Ledger ledger = new Ledger();
  private final ExecutorService workers = Executors.newCachedThreadPool(RecordingBackend::worker);
  private final Backend backend;

  private RecordingBackend() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.backend = new Backend(POD, free, ledger, workers);
  }

  public static RecordingBackend start() throws IOException {
    RecordingBackend started = new RecordingBackend();
    started.backend.start();
    return started;
  }

  public InetSocketAddress address() {
    return backend.address();
  }

  /** Hands over what came with this {@code x-test-id}, in the order of arrival, and forgets it. */
  public List<Received> take(String id) {
    return ledger.take(id);
  }

  @Override
  public void close() throws IOException {
    backend.close();
    workers.shutdownNow();
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "recording-backend");
    thread.setDaemon(true);
    return thread;
  }
}
