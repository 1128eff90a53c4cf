package io.meshclient.examples.pods;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/** Two connections made one: each gets what comes on the other, and its end. */
final class Splice {
  private static final int CHUNK = 16 * 1024;

  private Splice() {}

  /** Copies both ways, one on this thread, and closes both when neither has any more to say. */
  static void run(SocketChannel one, SocketChannel other, ExecutorService threads) {
    var back = threads.submit(() -> copy(other, one));
    copy(one, other);
    try {
      back.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      close(one);
      close(other);
    }
  }

  /** A connection that breaks breaks the other too. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    try {
      while (from.read(chunk.clear()) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining()) {
          to.write(chunk);
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up either way.
    }
  }
}
