package io.meshclient.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection over a Unix domain socket, in the shape that HTTP clients know: the JDK has it as a
 * channel only. Its streams do not share a lock, as {@code Channels.newInputStream}'s and {@code
 * newOutputStream}'s do before JDK 19, so that reading does not hold up writing. Options of TCP
 * mean nothing here and are passed over; timeouts are kept by whoever closes it.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the channel may be used by any thread
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final SocketAddress path;

  UnixSocket(SocketAddress path) throws IOException {
    this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    this.path = path;
  }

  /** Goes to the path, whatever address the caller made up for it. */
  @Override
  public void connect(SocketAddress madeUp, int timeoutMillis) throws IOException {
    channel.connect(path);
  }

  @Override
  public void connect(SocketAddress madeUp) throws IOException {
    connect(madeUp, 0);
  }

  @Override
  public InputStream getInputStream() {
    return new Input(channel);
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isInputShutdown() {
    return !channel.isOpen();
  }

  @Override
  public boolean isOutputShutdown() {
    return !channel.isOpen();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public void setSoTimeout(int millis) {}

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public String toString() {
    return "UnixSocket[" + path + "]";
  }

  private static final class Input extends InputStream {
    private final SocketChannel channel;

    Input(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, from, length));
    }
  }

  private static final class Output extends OutputStream {
    private final SocketChannel channel;

    Output(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }
  }
}
