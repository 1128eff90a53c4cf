package io.meshclient.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a certificate must be that vouches for others (X509-SVID, sections 3.2 and 4). */
final class SigningProfile {

  private SigningProfile() {}

  /** What is wrong with a certificate between the leaf and the bundle; {@code null} if nothing. */
  static @Nullable String problemOfIntermediate(X509Certificate certificate) {
    return certificate.getKeyUsage() == null
        ? "key usage: none (expected: certificate signing)"
        : problemOfAuthority(certificate);
  }

  /**
   * What is wrong with a certificate of a bundle; {@code null} if nothing. It may lack key usage:
   * it is trusted because it is there, and many tools make roots without.
   */
  static @Nullable String problemOfAuthority(X509Certificate certificate) {
    try {
      if (!Extensions.isCa(certificate)) {
        return "basic constraints: no CA (expected: a CA)";
      }
      boolean[] usage = certificate.getKeyUsage();
      if (usage != null && !usage[LeafProfile.KEY_CERT_SIGN]) {
        return "key usage: no certificate signing (expected: certificate signing)";
      }
      if (usage == null && certificate.getExtensionValue(Extensions.KEY_USAGE) != null) {
        return "key usage: malformed";
      }
      return problemOfId(certificate);
    } catch (CertificateParsingException e) {
      return Quoted.messageOf(e);
    }
  }

  /** A signing certificate needs no SPIFFE ID; if it has one, it is an SVID, and has rules. */
  private static @Nullable String problemOfId(X509Certificate certificate)
      throws CertificateParsingException {
    List<String> uris = Extensions.uris(certificate);
    if (uris.stream().noneMatch(uri -> uri.startsWith(SpiffeIdSyntax.SCHEME))) {
      return null;
    }
    if (uris.size() > 1) {
      return "subject alternative names: " + uris.size() + " URIs (expected: 1)";
    }
    SpiffeId id = SpiffeId.tryParse(uris.get(0));
    if (id == null || id.namesWorkload()) {
      return "URI " + Quoted.of(uris.get(0)) + " (expected: the ID of a trust domain)";
    }
    return Extensions.isCritical(certificate, Extensions.KEY_USAGE)
        ? null
        : "key usage: not critical (expected: critical)";
  }
}
