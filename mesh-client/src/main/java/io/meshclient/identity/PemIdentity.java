package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Makes an identity of PEM texts.
 *
 * @param key what the text of the private key is called in messages, and so on
 */
record PemIdentity(String key, String chain, String roots) {

  /** Of three files' contents: key, chain, authorities. */
  WorkloadIdentity identity(List<byte[]> contents) throws IdentityException {
    X509Svid svid = svid(text(contents.get(0)), text(contents.get(1)));
    return new WorkloadIdentity(svid, bundles(svid, authorities(text(contents.get(2)))));
  }

  /** PEM is ASCII; comments around it may be anything. */
  private static String text(byte[] content) {
    return new String(content, ISO_8859_1);
  }

  X509Svid svid(String keyText, String chainText) throws IdentityException {
    List<X509Certificate> certificates;
    try {
      certificates = Certificates.ofPem(chainText);
    } catch (CertificateException e) {
      throw new IdentityException(chain + ": " + e.getMessage(), e);
    }
    PrivateKey privateKey;
    try {
      privateKey = PrivateKeys.ofPem(keyText);
    } catch (GeneralSecurityException e) {
      throw new IdentityException(key + ": " + Quoted.messageOf(e), e);
    }
    try {
      return X509Svid.of(certificates, privateKey);
    } catch (SvidRejectedException e) {
      throw new IdentityException(
          e.reason() == SvidRejection.KEY_MISMATCH
              ? key + ": not the key of " + chain
              : chain + ": " + e.getMessage(),
          e);
    }
  }

  List<X509Certificate> authorities(String rootsText) throws IdentityException {
    try {
      return Certificates.ofPem(rootsText);
    } catch (CertificateException e) {
      throw new IdentityException(roots + ": " + e.getMessage(), e);
    }
  }

  /** The texts do not say whose authorities these are: they are the SVID's own. */
  static BundleSet bundles(X509Svid svid, List<X509Certificate> authorities) {
    return BundleSet.of(TrustBundle.of(svid.id().trustDomain(), authorities));
  }
}
