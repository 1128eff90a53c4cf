package io.meshclient.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads extensions of certificates from their bytes. The JDK's accessors do not tell an extension
 * that is missing from one that is malformed: a certificate whose basic constraints it cannot read
 * counts as no CA's, and names that it cannot read as none.
 */
final class Extensions {
  static final String KEY_USAGE = "2.5.29.15";
  static final String NAMES = "2.5.29.17";
  static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";

  /** GeneralName's alternatives (RFC 5280, 4.2.1.6): 0, 3, 4 and 5 are constructed. */
  private static final int URI = 0x86;

  private static final Set<Integer> NAME_TAGS =
      Set.of(0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, URI, 0x87, 0x88);

  private Extensions() {}

  static boolean isCritical(X509Certificate certificate, String extension) {
    Set<String> critical = certificate.getCriticalExtensionOIDs();
    return critical != null && critical.contains(extension);
  }

  /** The URIs among the subject alternative names, in order; empty if there are no names at all. */
  static List<String> uris(X509Certificate certificate) throws CertificateParsingException {
    Der value = value(certificate, NAMES);
    if (value == null) {
      return List.of();
    }
    Der names = value.only(Der.SEQUENCE);
    if (!names.hasMore()) {
      throw new CertificateParsingException("no names (expected: at least one)");
    }
    List<String> uris = new ArrayList<>(1);
    while (names.hasMore()) {
      int tag = names.tag();
      if (!NAME_TAGS.contains(tag)) {
        throw new CertificateParsingException("name of tag " + tag + " (expected: a GeneralName)");
      }
      Der name = names.next(tag);
      if (tag == URI) {
        uris.add(name.latin1());
      }
    }
    // What the JDK cannot read, it does not hold to name constraints either.
    if (certificate.getSubjectAlternativeNames() == null) {
      throw new CertificateParsingException("a name that the Java platform cannot read");
    }
    return uris;
  }

  static boolean isCa(X509Certificate certificate) throws CertificateParsingException {
    Der value = value(certificate, BASIC_CONSTRAINTS);
    if (value == null) {
      return false;
    }
    Der constraints = value.only(Der.SEQUENCE);
    boolean ca = constraints.tag() == Der.BOOLEAN && isTrue(constraints.next(Der.BOOLEAN));
    if (constraints.tag() == Der.INTEGER) {
      constraints.next(Der.INTEGER);
    }
    constraints.end();
    return ca;
  }

  private static boolean isTrue(Der value) throws CertificateParsingException {
    String octets = value.latin1();
    return switch (octets) {
      case "\u00ff" -> true;
      // Some write the default out, against DER.
      case "\0" -> false;
      default -> throw new CertificateParsingException("boolean that is neither true nor false");
    };
  }

  private static @Nullable Der value(X509Certificate certificate, String extension)
      throws CertificateParsingException {
    byte[] value = certificate.getExtensionValue(extension);
    return value == null ? null : new Der(value).only(Der.OCTET_STRING);
  }
}
