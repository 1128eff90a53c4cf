package io.meshclient.examples.pods;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The outer end of a pod's {@link Relay}: ports of the loopback address that lead into the pod. */
final class Door implements AutoCloseable {
  static final String READY = "relaying";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final UnixDomainSocketAddress relay;
  private final Map<String, ServerSocketChannel> servers = new LinkedHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          run -> {
            Thread thread = new Thread(run, "into a pod");
            thread.setDaemon(true);
            return thread;
          });

  private Door(Path socket) {
    this.relay = UnixDomainSocketAddress.of(socket);
  }

  static Door open(Pod pod) throws IOException, InterruptedException {
    Path socket = pod.directory().resolve("relay.sock");
    PodProcess process = pod.start("relay", Jvm.command(Relay.class, socket.toString()), Map.of());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(socket) || !process.lines().contains(READY)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException(pod.name() + ": no relay: " + String.join("\n", process.lines()));
      }
      Thread.sleep(20);
    }
    return new Door(socket);
  }

  /** The port that leads to that host and port, as the pod knows them. */
  int forward(String host, int port) throws IOException {
    String target = host + " " + port;
    ServerSocketChannel server = servers.get(target);
    if (server == null) {
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      servers.put(target, server);
      ServerSocketChannel opened = server;
      threads.execute(() -> accept(opened, target));
    }
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  @Override
  public void close() {
    for (ServerSocketChannel server : servers.values()) {
      try {
        server.close();
      } catch (IOException e) {
        // A port that cannot be given back goes with this process.
      }
    }
    threads.shutdownNow();
  }

  private void accept(ServerSocketChannel server, String target) {
    try {
      while (true) {
        SocketChannel caller = server.accept();
        threads.execute(() -> connect(caller, target));
      }
    } catch (ClosedChannelException e) {
      // closed, as it was told
    } catch (IOException e) {
      System.err.println("no longer led into a pod: " + target + ": " + e.getMessage());
    }
  }

  private void connect(SocketChannel caller, String target) {
    try {
      SocketChannel inner = SocketChannel.open(relay);
      inner.write(ByteBuffer.wrap((target + "\n").getBytes(StandardCharsets.UTF_8)));
      Splice.run(caller, inner, threads);
    } catch (IOException e) {
      Splice.close(caller);
    }
  }
}
