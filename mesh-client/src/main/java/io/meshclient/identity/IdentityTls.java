package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS, 1.3 or 1.2, by the identity of a source: each handshake is made of one snapshot, the newest.
 * A snapshot serves until its SVID expires and not a moment longer.
 *
 * <pre>{@code
 * IdentityTls tls = IdentityTls.of(source);
 * HttpsServer server = HttpsServer.create(address, 0);
 * server.setHttpsConfigurator(
 *     new HttpsConfigurator(tls.serverContext(ExpectedPeer.any(), true)));
 * }</pre>
 *
 * <p>Safe from any thread.
 */
public final class IdentityTls {
  private static final String FIRST_SEEN = IdentityTls.class.getName();

  /** One snapshot's TLS, by whom it expects; forgotten as a whole at the next rotation. */
  private record Generation(
      WorkloadIdentity snapshot, ConcurrentHashMap<ExpectedPeer, SnapshotTls> byPeer) {}

  private final IdentitySource source;
  private final Clock clock;
  private final ChainPeers chains = new ChainPeers();
  private final AtomicReference<@Nullable Generation> generation = new AtomicReference<>();

  private IdentityTls(IdentitySource source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** TLS by that source, which stays its maker's to close. */
  public static IdentityTls of(IdentitySource source) {
    return of(source, Clock.systemUTC());
  }

  /** Like {@link #of(IdentitySource)}, with another clock to tell what has expired. */
  public static IdentityTls of(IdentitySource source, Clock clock) {
    return new IdentityTls(requireNonNull(source, "source"), requireNonNull(clock, "clock"));
  }

  /**
   * TLS of the newest snapshot towards one who is expected; the same object until the next
   * rotation.
   *
   * @throws IdentityException if there is no snapshot, or it has expired
   */
  public SnapshotTls current(ExpectedPeer expected) throws IdentityException {
    requireNonNull(expected, "expected");
    Generation newest = newest();
    return newest.byPeer.computeIfAbsent(
        expected, peer -> new SnapshotTls(newest.snapshot, peer, clock));
  }

  /** Whether nothing newer has come since that was current. */
  public boolean isCurrent(SnapshotTls tls) {
    Generation known = generation.get();
    return known != null && known.snapshot.equals(tls.identity());
  }

  /**
   * A context for clients. Each socket and engine of it is of the snapshot that is newest when it
   * is made.
   */
  public SSLContext clientContext(ExpectedPeer servers) {
    return new RotatingContext(this, requireNonNull(servers, "servers"), false);
  }

  /**
   * A context for servers that make an engine for each connection, as the JDK's HttpsServer,
   * Tomcat, Jetty and Netty do; it has no server sockets. Each engine is of the snapshot that is
   * newest when it is made; without one every handshake fails.
   *
   * @param clients {@link ExpectedPeer#any} to have everybody in whom a bundle vouches for, and
   *     decide request by request
   * @param required whether clients have to show a certificate; if not, those that do are held to
   *     it all the same. A server's own settings for this come after
   */
  public SSLContext serverContext(ExpectedPeer clients, boolean required) {
    return new RotatingContext(this, requireNonNull(clients, "clients"), required);
  }

  /**
   * Who is at the other end of a session, by the newest bundles and as of now; {@code null} if
   * nobody was asked, or showed nothing. Cheap, where nothing has changed since the last time.
   *
   * @throws SvidRejectedException if what was shown proves nothing, or not any more
   * @throws IdentityException as in {@link #current}
   */
  public @Nullable SpiffeId peer(SSLSession session)
      throws SvidRejectedException, IdentityException {
    BundleSet bundles = identity().bundles();
    try {
      return SessionPeer.of(session, bundles, clock);
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /**
   * Whose a chain of certificates is, by the newest bundles and as of now; for servers that tell no
   * more of a connection than these. That the client has the key, the handshake has to have proven.
   * Cheap for a chain that was asked about before, where nothing has changed since.
   *
   * @param chain the leaf first
   * @throws SvidRejectedException if it proves nothing, or not any more
   * @throws IdentityException as in {@link #current}
   */
  public SpiffeId peer(List<X509Certificate> chain)
      throws SvidRejectedException, IdentityException {
    return chains.peer(List.copyOf(chain), identity().bundles(), clock);
  }

  private Generation newest() throws IdentityException {
    while (true) {
      Generation known = generation.get();
      // Asked after that, so that an older one never takes the place of a newer.
      WorkloadIdentity snapshot = identity();
      if (known != null && known.snapshot.equals(snapshot)) {
        return known;
      }
      generation.compareAndSet(known, new Generation(snapshot, new ConcurrentHashMap<>()));
    }
  }

  /**
   * Whether a server's connection is of the newest identity, or at least began to be asked about
   * under it. One that is not goes on, and should end when it can.
   *
   * @throws IdentityException as in {@link #current}
   */
  public boolean isCurrent(SSLSession session) throws IdentityException {
    WorkloadIdentity newest = identity();
    if (session.getValue(FIRST_SEEN) instanceof WorkloadIdentity first) {
      return first.equals(newest);
    }
    session.putValue(FIRST_SEEN, newest);
    return true;
  }

  /**
   * The identity that the next handshake is made of.
   *
   * @throws IdentityException if there is none, or it has expired
   */
  public WorkloadIdentity identity() throws IdentityException {
    WorkloadIdentity snapshot = source.identity();
    if (snapshot == null) {
      IdentityException why = source.problem();
      throw new IdentityException(
          source + ": no identity" + (why == null ? " so far" : ": " + why.getMessage()), why);
    }
    Instant now = clock.instant();
    if (now.isAfter(snapshot.svid().expiresAt())) {
      throw new IdentityException(
          snapshot.svid().id()
              + ": expired at "
              + snapshot.svid().expiresAt()
              + " and was not renewed, and it is "
              + now,
          source.problem());
    }
    return snapshot;
  }
}
