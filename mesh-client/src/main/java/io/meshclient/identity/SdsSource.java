package io.meshclient.identity;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An identity from the socket of Istio's agent, which serves Envoy's secret discovery service: the
 * secret {@code default} is the SVID with its key, {@code ROOTCA} the authorities of its trust
 * domain. Works beside a sidecar, and for a pod that has the agent without one.
 *
 * <p>As Envoy does, each secret has a stream of its own, on which every answer is acknowledged. A
 * secret that is no good is refused, and the last good identity stays. While the socket is not
 * there the agent is asked again after growing waits.
 */
public final class SdsSource extends UpdatedSource {
  /** Where Istio mounts the socket. */
  public static final Path ISTIO_SOCKET = Path.of("/var/run/secrets/workload-spiffe-uds/socket");

  private static final String METHOD =
      "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets";
  private static final String OWN = "default";
  private static final String ROOTS = "ROOTCA";

  private final GrpcConnection connection;
  private final StreamLoop ownLoop;
  private final StreamLoop rootsLoop;
  private final PemIdentity pem = new PemIdentity(OWN, OWN, ROOTS);

  /** The two streams tell of their parts in any order. */
  private final ReentrantLock joining = new ReentrantLock();

  private @Nullable X509Svid svid;
  private @Nullable List<X509Certificate> roots;

  private SdsSource(Path socket, Backoff backoff) {
    super(GrpcEndpoint.unix(socket).toString());
    this.connection = new GrpcConnection(GrpcEndpoint.unix(socket));
    this.ownLoop = new StreamLoop(new SecretStream(OWN), backoff);
    this.rootsLoop = new StreamLoop(new SecretStream(ROOTS), backoff);
  }

  /**
   * Starts to ask. The socket need not be there yet.
   *
   * @param socket such as {@link #ISTIO_SOCKET}
   */
  public static SdsSource start(Path socket) {
    return start(socket, Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  /**
   * Starts to ask, with other waits.
   *
   * @param first how long to wait at most before the agent is asked again
   * @param most what the wait grows to at most, doubling each time
   */
  public static SdsSource start(Path socket, Duration first, Duration most) {
    Objects.requireNonNull(socket, "socket");
    Backoff backoff = new Backoff(first, most, () -> ThreadLocalRandom.current().nextLong());
    SdsSource source = new SdsSource(socket, backoff);
    source.ownLoop.start("mesh-identity-sds");
    source.rootsLoop.start("mesh-identity-sds-roots");
    return source;
  }

  /** The stream of one secret. */
  private final class SecretStream implements StreamLoop.Stream {
    private final String name;

    /** Of the last answer that was taken on this stream. */
    private String version = "";

    SecretStream(String name) {
      this.name = name;
    }

    @Override
    public GrpcCall open() {
      version = "";
      return connection.duplex(METHOD, SdsMessages.request(name, "", "", null));
    }

    @Override
    public void update(GrpcCall call, byte[] message) throws IdentityException {
      SdsMessages.Answer answer = SdsMessages.answer(message);
      try {
        take(name, secret(answer));
        version = answer.version();
      } catch (IdentityException e) {
        call.send(SdsMessages.request(name, version, answer.nonce(), e.getMessage()));
        throw e;
      }
      call.send(SdsMessages.request(name, version, answer.nonce(), null));
    }

    private SdsSecret secret(SdsMessages.Answer answer) throws IdentityException {
      for (byte[] encoded : answer.secrets()) {
        SdsSecret secret = SdsSecret.read(encoded);
        if (secret.name().equals(name)) {
          return secret;
        }
      }
      throw new IdentityException("no secret " + Quoted.of(name) + " in the answer");
    }

    @Override
    public void failed(IdentityException why) {
      report(why);
    }
  }

  private void take(String name, SdsSecret secret) throws IdentityException {
    joining.lock();
    try {
      if (name.equals(OWN)) {
        svid = pem.svid(given(secret.key(), "private key"), given(secret.chain(), "certificate"));
      } else {
        roots = pem.authorities(given(secret.trusted(), "trusted certificate"));
      }
      X509Svid own = svid;
      List<X509Certificate> trusted = roots;
      if (own != null && trusted != null) {
        publish(new WorkloadIdentity(own, PemIdentity.bundles(own, trusted)));
      }
    } finally {
      joining.unlock();
    }
  }

  private static String given(@Nullable String text, String what) throws IdentityException {
    if (text == null) {
      throw new IdentityException("no " + what + " in the secret");
    }
    return text;
  }

  @Override
  public void close() {
    ownLoop.close();
    rootsLoop.close();
    connection.close();
    super.close();
  }
}
