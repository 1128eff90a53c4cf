package io.meshclient.identity;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Clock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A context behind which there is another one for each snapshot: it is made once, and what it makes
 * is of the newest. Sessions and tickets belong to the contexts behind, and end with them.
 */
final class RotatingContext extends SSLContext {
  private static final Logger log = LoggerFactory.getLogger(RotatingContext.class);

  /** Without a key, and believes nobody: no handshake succeeds. */
  private static final SSLContext NONE =
      SnapshotTls.contextOf(
          new NoKeys(), new SnapshotTrust(BundleSet.of(), ExpectedPeer.of(), Clock.systemUTC()));

  RotatingContext(IdentityTls tls, ExpectedPeer expected, boolean required) {
    super(new Spi(tls, expected, required), NONE.getProvider(), NONE.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final IdentityTls tls;
    private final ExpectedPeer expected;
    private final boolean required;

    Spi(IdentityTls tls, ExpectedPeer expected, boolean required) {
      this.tls = tls;
      this.expected = expected;
      this.required = required;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("init: it has its keys from an identity source");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return prepared(context().createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return prepared(context().createSSLEngine(host, port));
    }

    /** Client or server is settled later by whoever asked; a client passes over the need. */
    private SSLEngine prepared(SSLEngine engine) {
      engine.setSSLParameters(engineGetDefaultSSLParameters());
      return engine;
    }

    /** An engine cannot be refused: what stands in for it fails in the handshake. */
    private SSLContext context() {
      try {
        return tls.current(expected).context();
      } catch (IdentityException e) {
        log.warn("No handshake can succeed: {}", e.getMessage());
        return NONE;
      }
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new RotatingSockets(tls, expected, NONE.getSocketFactory());
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException(
          "server sockets have one context for good (expected: an engine for each connection)");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      SSLParameters parameters = NONE.getDefaultSSLParameters();
      parameters.setProtocols(PROTOCOLS);
      if (required) {
        parameters.setNeedClientAuth(true);
      } else {
        parameters.setWantClientAuth(true);
      }
      return parameters;
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return NONE.getSupportedSSLParameters();
    }
  }
}
