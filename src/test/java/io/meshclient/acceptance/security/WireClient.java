package io.meshclient.acceptance.security;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends requests byte for byte, each on a connection of its own: from the caller's address, by TLS
 * with its certificate where it has one.
 */
final class WireClient {

  private static final int PATIENCE_MILLIS = 30_000;

  private final TestPki pki;

  WireClient(TestPki pki) {
    this.pki = pki;
  }

  Reply send(Outbound request, InetSocketAddress to) throws IOException {
    return send(request, to, "");
  }

  /**
   * Sends a request and reads the answer. A connection that is refused or cut off is an answer too.
   *
   * @param preface what goes ahead of everything else, TLS included
   * @throws IOException if the caller's address cannot be had, or nothing happens for long
   */
  Reply send(Outbound request, InetSocketAddress to, String preface) throws IOException {
    Caller caller = request.caller();
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(caller.sourceAddress(), 0));
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.connect(to, PATIENCE_MILLIS);
      write(socket, preface);
      return caller.tls() ? secured(request, socket) : exchanged(request, socket);
    }
  }

  private Reply secured(Outbound request, Socket socket) throws IOException {
    Caller caller = request.caller();
    try (SSLSocket tls =
        (SSLSocket)
            pki.client(caller.identity(), caller.untrusted())
                .getSocketFactory()
                .createSocket(socket, caller.sni(), caller.port(), true)) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(caller.alpn().toArray(String[]::new));
      parameters.setServerNames(List.of(new SNIHostName(caller.sni())));
      tls.setSSLParameters(parameters);
      return exchanged(request, tls);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return Reply.closed(e);
    }
  }

  private static Reply exchanged(Outbound request, Socket socket) throws IOException {
    try {
      write(socket, request.text());
      return new ReplyReader(socket.getInputStream()).read(request.method());
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return Reply.closed(e);
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
