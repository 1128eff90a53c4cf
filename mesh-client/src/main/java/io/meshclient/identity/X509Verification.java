package io.meshclient.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a chain proves the ID of its leaf: the leaf's profile, then the bundle of its own
 * trust domain, then validity, then the path (RFC 5280, section 6, by the JDK's PKIX, with name
 * constraints and without revocation: SVIDs are short-lived instead).
 */
final class X509Verification {
  /** How far clocks may be apart. Issuers date certificates back by more than that. */
  static final Duration SKEW = Duration.ofSeconds(10);

  /** A leaf, its intermediates and a root; the JDK's TLS takes no more than 10 either. */
  private static final int MAX_CHAIN = 10;

  private final List<X509Certificate> chain;
  private final BundleSet bundles;
  private final Instant now;

  X509Verification(List<X509Certificate> chain, BundleSet bundles, Clock clock) {
    this.chain = chain;
    this.bundles = bundles;
    this.now = clock.instant();
  }

  SpiffeId verify() throws SvidRejectedException {
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      throw new SvidRejectedException(
          SvidRejection.CHAIN_LENGTH,
          null,
          "chain: " + chain.size() + " certificates (expected: 1 to " + MAX_CHAIN + ")");
    }
    SpiffeId id = LeafProfile.check(chain.get(0));
    TrustBundle bundle = bundles.bundle(id.trustDomain());
    if (bundle == null) {
      throw new SvidRejectedException(
          SvidRejection.NO_BUNDLE,
          id,
          "no bundle of its trust domain (known: " + bundles.trustDomains() + ")");
    }
    checkValidity(chain.get(0), id, "");
    Set<TrustAnchor> anchors = anchors(bundle, id);
    List<X509Certificate> path = path(bundle);
    for (int i = 1; i < path.size(); i++) {
      String problem = SigningProfile.problemOfIntermediate(path.get(i));
      if (problem != null) {
        throw new SvidRejectedException(
            SvidRejection.SIGNING_CERTIFICATE, id, "certificate " + i + ": " + problem);
      }
      checkValidity(path.get(i), id, "certificate " + i + ": ");
    }
    validate(path, anchors, id);
    return id;
  }

  /** What of the bundle may vouch for others now. */
  private Set<TrustAnchor> anchors(TrustBundle bundle, SpiffeId id) throws SvidRejectedException {
    Set<TrustAnchor> anchors = new HashSet<>();
    String problem = "nothing for X.509 in it";
    for (X509Certificate authority : bundle.x509Authorities()) {
      String found = SigningProfile.problemOfAuthority(authority);
      if (found == null) {
        SvidRejection untimely = untimely(authority);
        found = untimely == null ? null : untimely.name();
      }
      if (found == null) {
        anchors.add(new TrustAnchor(authority, null));
      } else {
        problem = found;
      }
    }
    if (anchors.isEmpty()) {
      throw new SvidRejectedException(
          SvidRejection.NO_BUNDLE, id, "the bundle of its trust domain is of no use: " + problem);
    }
    return anchors;
  }

  /** The chain without what the bundle has itself, and whatever is above that. */
  private List<X509Certificate> path(TrustBundle bundle) {
    for (int i = 1; i < chain.size(); i++) {
      if (bundle.x509Authorities().contains(chain.get(i))) {
        return chain.subList(0, i);
      }
    }
    return chain;
  }

  private void checkValidity(X509Certificate certificate, SpiffeId id, String which)
      throws SvidRejectedException {
    SvidRejection untimely = untimely(certificate);
    if (untimely != null) {
      throw new SvidRejectedException(
          untimely,
          id,
          which
              + "valid from "
              + certificate.getNotBefore().toInstant()
              + " to "
              + certificate.getNotAfter().toInstant()
              + ", and it is "
              + now);
    }
  }

  private @Nullable SvidRejection untimely(X509Certificate certificate) {
    if (now.plus(SKEW).isBefore(certificate.getNotBefore().toInstant())) {
      return SvidRejection.NOT_YET_VALID;
    }
    return now.minus(SKEW).isAfter(certificate.getNotAfter().toInstant())
        ? SvidRejection.EXPIRED
        : null;
  }

  private void validate(List<X509Certificate> path, Set<TrustAnchor> anchors, SpiffeId id)
      throws SvidRejectedException {
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(dateWithin(path));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertPathValidatorException e) {
      String where = e.getIndex() < 0 ? "" : "certificate " + e.getIndex() + ": ";
      throw new SvidRejectedException(
          SvidRejection.UNTRUSTED,
          id,
          "not vouched for by the bundle of its trust domain: " + where + Quoted.messageOf(e),
          e);
    } catch (GeneralSecurityException e) {
      throw new SvidRejectedException(
          SvidRejection.UNTRUSTED, id, "path cannot be checked: " + Quoted.messageOf(e), e);
    }
  }

  /** PKIX knows no skew: a time near now at which all are valid, as all are within the skew. */
  private Date dateWithin(List<X509Certificate> path) {
    Instant time = now;
    for (X509Certificate certificate : path) {
      Instant from = certificate.getNotBefore().toInstant();
      time = from.isAfter(time) ? from : time;
    }
    for (X509Certificate certificate : path) {
      Instant to = certificate.getNotAfter().toInstant();
      time = to.isBefore(time) ? to : time;
    }
    return Date.from(time);
  }
}
