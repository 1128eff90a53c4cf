package io.meshclient.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle endpoint proves who it is (SPIFFE Federation, section 5.2). Either way nothing is
 * shown to it: endpoints may not ask for that.
 *
 * <p>Immutable.
 */
public abstract sealed class EndpointProfile permits WebProfile, SpiffeProfile {

  /** {@code https_web}: by its host name and an authority that the Java platform trusts. */
  public static EndpointProfile web() {
    return new WebProfile(List.of());
  }

  /**
   * {@code https_web} with these authorities in place of the platform's: an organization's own.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EndpointProfile web(Collection<X509Certificate> authorities) {
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("authorities: none (expected: at least one)");
    }
    return new WebProfile(List.copyOf(authorities));
  }

  /**
   * {@code https_spiffe}: by an SVID of that ID, whatever its host is called. What vouches for it
   * is the newest bundle of its trust domain that is known, by federation or from the own source.
   *
   * @throws IllegalArgumentException if the ID is only a trust domain's
   */
  public static EndpointProfile spiffe(SpiffeId server) {
    return new SpiffeProfile(server, null);
  }

  /**
   * Like {@link #spiffe(SpiffeId)}, with a bundle to begin with: it serves until a newer one of its
   * trust domain is known.
   *
   * @throws IllegalArgumentException if the ID is only a trust domain's, or the bundle another's
   */
  public static EndpointProfile spiffe(SpiffeId server, TrustBundle first) {
    return new SpiffeProfile(server, Objects.requireNonNull(first, "first"));
  }

  /** What was given for that trust domain at the start; {@code null} if nothing was. */
  abstract @Nullable TrustBundle given(TrustDomain trustDomain);

  /**
   * Of all bundles that are known, those that vouch for the server.
   *
   * @throws IdentityException if there have to be some, and are none
   */
  abstract BundleSet vouching(BundleSet known) throws IdentityException;

  /** TLS to servers for which these vouch. */
  abstract SSLContext context(BundleSet vouching, Clock clock) throws IdentityException;

  /** Checks again, as if the connection were new: it may be an old one, or a resumed session. */
  abstract void check(SSLSession session, BundleSet vouching, Clock clock)
      throws CertificateException, SSLPeerUnverifiedException;
}
