package io.meshclient.identity;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads certificates from DER and PEM. The JDK's factory passes over what it does not know, text,
 * other blocks and bytes behind the certificate; here everything is accounted for.
 */
final class Certificates {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String LABEL = "CERTIFICATE";

  private Certificates() {}

  /** One certificate, and nothing behind it. */
  static X509Certificate ofDer(byte[] der) throws CertificateException {
    // The factory would read PEM and PKCS#7 as well.
    if (der.length == 0 || der[0] != Der.SEQUENCE) {
      throw new CertificateException("not DER");
    }
    X509Certificate certificate;
    try {
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
    } catch (RuntimeException e) {
      // Some malformed structures are more than the platform's parser expects.
      throw new CertificateException("not readable", e);
    }
    if (!Arrays.equals(certificate.getEncoded(), der)) {
      throw new CertificateException("bytes behind the certificate");
    }
    return certificate;
  }

  /** Certificates one behind the other, at least one, as the Workload API hands them out. */
  static List<X509Certificate> ofConcatenatedDer(byte[] der) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Der all = new Der(der); all.hasMore(); ) {
      certificates.add(ofDer(all.element(Der.SEQUENCE)));
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("DER: no certificate (expected: at least one)");
    }
    return certificates;
  }

  /**
   * All certificates of a PEM text (RFC 7468), in order. Text around the blocks is comment; a block
   * of another kind is refused, lest a private key lie where everyone may look.
   */
  static List<X509Certificate> ofPem(String pem) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    int at = 0;
    for (int begin = pem.indexOf(BEGIN); begin >= 0; begin = pem.indexOf(BEGIN, at)) {
      checkComment(pem, at, begin);
      String which = "PEM block " + (certificates.size() + 1) + ": ";
      int from = begin + BEGIN.length() + LABEL.length() + DASHES.length();
      if (!pem.startsWith(BEGIN + LABEL + DASHES, begin)) {
        throw new CertificateException(which + "another kind (expected: CERTIFICATE)");
      }
      int to = pem.indexOf(DASHES, from);
      if (to < 0 || !pem.startsWith(END + LABEL + DASHES, to)) {
        throw new CertificateException(which + "no end (expected: -----END CERTIFICATE-----)");
      }
      at = to + END.length() + LABEL.length() + DASHES.length();
      try {
        certificates.add(ofDer(Base64.getDecoder().decode(withoutSpace(pem, from, to))));
      } catch (IllegalArgumentException e) {
        throw new CertificateException(which + "not base64", e);
      } catch (CertificateException e) {
        throw new CertificateException(which + Quoted.messageOf(e), e);
      }
    }
    checkComment(pem, at, pem.length());
    if (certificates.isEmpty()) {
      throw new CertificateException("PEM: no certificate (expected: at least one)");
    }
    return certificates;
  }

  private static void checkComment(String pem, int from, int to) throws CertificateException {
    int end = pem.indexOf(END, from);
    if (end >= 0 && end < to) {
      throw new CertificateException("PEM: an end without a beginning");
    }
  }

  static String withoutSpace(String text, int from, int to) {
    StringBuilder kept = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
        kept.append(c);
      }
    }
    return kept.toString();
  }
}
