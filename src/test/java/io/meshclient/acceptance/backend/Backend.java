package io.meshclient.acceptance.backend;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** One pod: an HTTP/1.1 server. */
final class Backend implements Closeable {

  private static final int IDLE_MILLIS = 60_000;
  private static final int MOST_WAITING = 256;

  private final Pod pod;
  private final Ledger ledger;
  private final Executor workers;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param at where it listens; port 0 for a free one
   * @throws IOException if it cannot listen there, with the address in its message
   */
  Backend(Pod pod, InetSocketAddress at, Ledger ledger, Executor workers) throws IOException {
    this.pod = pod;
    this.ledger = ledger;
    this.workers = workers;
    this.server = listening(at);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  void start() {
    Thread acceptor = new Thread(this::accept, "pod-" + pod.label());
    acceptor.setDaemon(true);
    acceptor.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private static ServerSocket listening(InetSocketAddress at) throws IOException {
    try {
      return new ServerSocket(at.getPort(), MOST_WAITING, at.getAddress());
    } catch (IOException e) {
      String address = at.getHostString() + ":" + at.getPort();
      throw new IOException(address + ": " + e.getMessage() + " (expected: free)", e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        hand(server.accept());
      } catch (IOException e) {
        // Closed, or a connection that was gone before it was taken: the loop's condition decides.
      }
    }
  }

  private void hand(Socket socket) throws IOException {
    try {
      workers.execute(() -> serve(socket));
    } catch (RejectedExecutionException e) {
      socket.close();
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      RequestReader requests = new RequestReader(pod, socket.getInputStream());
      ResponseWriter responses =
          new ResponseWriter(new BufferedOutputStream(socket.getOutputStream()));
      Optional<Received> request = requests.next();
      while (request.isPresent() && answer(request.get(), responses)) {
        request = requests.next();
      }
    } catch (IOException e) {
      // A client may go at any time; what it sent before is in the ledger.
    } finally {
      open.remove(socket);
    }
  }

  /** Whether the connection stays open. */
  private boolean answer(Received request, ResponseWriter responses) throws IOException {
    Step step = ledger.arrive(request);
    Waits.pause(step.delay());
    if (step.kind() == Step.Kind.RESET) {
      return false;
    }
    responses.write(request, step);
    return step.kind() == Step.Kind.ANSWER && request.keepsConnection();
  }
}
