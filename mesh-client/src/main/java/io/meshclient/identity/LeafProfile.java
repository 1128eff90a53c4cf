package io.meshclient.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the certificate of a workload must be, before anyone asks who vouches for it or whether its
 * ID is welcome (X509-SVID, sections 2, 3.1, 4 and 5.2).
 */
final class LeafProfile {
  /** Bits of key usage (RFC 5280, 4.2.1.3). */
  static final int DIGITAL_SIGNATURE = 0;

  static final int KEY_CERT_SIGN = 5;
  static final int CRL_SIGN = 6;

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private LeafProfile() {}

  /** The ID of a certificate that is as it must be. */
  static SpiffeId check(X509Certificate leaf) throws SvidRejectedException {
    SpiffeId id = id(leaf);
    checkNotCa(leaf, id);
    checkKeyUsage(leaf, id);
    checkExtendedKeyUsage(leaf, id);
    return id;
  }

  private static SpiffeId id(X509Certificate leaf) throws SvidRejectedException {
    List<String> uris;
    try {
      uris = Extensions.uris(leaf);
    } catch (CertificateParsingException e) {
      throw new SvidRejectedException(
          SvidRejection.NAMES_MALFORMED,
          null,
          "subject alternative names: " + Quoted.messageOf(e),
          e);
    }
    if (uris.size() != 1) {
      throw new SvidRejectedException(
          SvidRejection.URI_COUNT,
          null,
          "subject alternative names: " + uris.size() + " URIs (expected: 1)");
    }
    String uri = uris.get(0);
    String problem = SpiffeId.problem(uri);
    if (problem != null) {
      throw new SvidRejectedException(
          SvidRejection.ID_INVALID, null, "URI " + Quoted.of(uri) + ": " + problem);
    }
    SpiffeId id = SpiffeId.parse(uri);
    if (!id.namesWorkload()) {
      throw new SvidRejectedException(
          SvidRejection.ID_WITHOUT_PATH, id, "names a trust domain (expected: an ID with a path)");
    }
    if (leaf.getSubjectX500Principal().getName().isEmpty()
        && !Extensions.isCritical(leaf, Extensions.NAMES)) {
      throw new SvidRejectedException(
          SvidRejection.NAMES_MALFORMED,
          id,
          "subject alternative names: not critical (expected: critical where there is no subject)");
    }
    return id;
  }

  private static void checkNotCa(X509Certificate leaf, SpiffeId id) throws SvidRejectedException {
    boolean ca;
    try {
      ca = Extensions.isCa(leaf);
    } catch (CertificateParsingException e) {
      throw new SvidRejectedException(
          SvidRejection.IS_CA, id, "basic constraints: " + Quoted.messageOf(e), e);
    }
    if (ca) {
      throw new SvidRejectedException(
          SvidRejection.IS_CA, id, "basic constraints: a CA (expected: none)");
    }
  }

  private static void checkKeyUsage(X509Certificate leaf, SpiffeId id)
      throws SvidRejectedException {
    boolean[] usage = leaf.getKeyUsage();
    String problem = null;
    if (usage == null) {
      problem = "none (expected: digital signature)";
    } else if (!Extensions.isCritical(leaf, Extensions.KEY_USAGE)) {
      problem = "not critical (expected: critical)";
    } else if (!usage[DIGITAL_SIGNATURE]) {
      problem = "no digital signature (expected: digital signature)";
    } else if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
      problem = "signs certificates or revocations (expected: neither)";
    }
    if (problem != null) {
      throw new SvidRejectedException(SvidRejection.KEY_USAGE, id, "key usage: " + problem);
    }
  }

  private static void checkExtendedKeyUsage(X509Certificate leaf, SpiffeId id)
      throws SvidRejectedException {
    if (leaf.getExtensionValue(Extensions.EXTENDED_KEY_USAGE) == null) {
      return;
    }
    List<String> usages;
    try {
      usages = leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new SvidRejectedException(
          SvidRejection.EXTENDED_KEY_USAGE, id, "extended key usage: " + Quoted.messageOf(e), e);
    }
    if (usages == null || !usages.contains(SERVER_AUTH) || !usages.contains(CLIENT_AUTH)) {
      throw new SvidRejectedException(
          SvidRejection.EXTENDED_KEY_USAGE,
          id,
          "extended key usage: "
              + (usages == null ? "malformed" : usages)
              + " (expected: server and client authentication, or no such extension)");
    }
  }
}
