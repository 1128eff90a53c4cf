package io.meshclient.identity;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS handshakes between two engines, without a network. */
final class Handshakes {
  private static final int MOST_STEPS = 200;

  private Handshakes() {}

  /** A peer that shows whatever it is given, and believes everybody. */
  static SSLContext careless(PrivateKey key, List<X509Certificate> chain) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new X509ExtendedKeyManager[] {new AnyKey(key, chain.toArray(new X509Certificate[0]))},
        new TrustManager[] {new TrustEverybody()},
        null);
    return context;
  }

  static SSLEngine client(SSLContext context, String protocol) {
    SSLEngine engine = context.createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {protocol});
    return engine;
  }

  static SSLEngine server(SSLContext context) {
    SSLEngine engine = context.createSSLEngine("localhost", 2);
    // As the JDK's HttpsServer does by default.
    SSLParameters parameters = context.getDefaultSSLParameters();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** A careless server, which asks for a certificate. */
  static SSLEngine carelessServer(SSLContext context) {
    SSLEngine engine = context.createSSLEngine("localhost", 2);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  /** Shakes hands, and carries a byte each way, so that tickets arrive. */
  static void run(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
    boolean clientDone = false;
    boolean serverDone = false;
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < MOST_STEPS; i++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
      clientDone |= isDone(client);
      serverDone |= isDone(server);
      if (clientDone && serverDone && toServer.position() == 0 && toClient.position() == 0) {
        client.wrap(ByteBuffer.wrap(new byte[] {1}), toServer);
        server.wrap(ByteBuffer.wrap(new byte[] {1}), toClient);
        step(server, toClient, toServer);
        step(client, toServer, toClient);
        return;
      }
    }
    throw new AssertionError("no end of the handshake");
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    for (int i = 0; i < MOST_STEPS; i++) {
      Runnable task;
      while ((task = engine.getDelegatedTask()) != null) {
        task.run();
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        engine.wrap(ByteBuffer.allocate(0), out);
      } else if (in.position() > 0) {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(1 << 15));
        in.compact();
      } else {
        return;
      }
    }
  }

  private static final class AnyKey extends X509ExtendedKeyManager {
    private final PrivateKey key;
    private final X509Certificate[] chain;

    AnyKey(PrivateKey key, X509Certificate... chain) {
      this.key = key;
      this.chain = chain;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return chain.length == 0 ? null : "any";
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      return type.startsWith("EC") ? "any" : null;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"any"};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "any";
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {"any"};
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return "any";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
