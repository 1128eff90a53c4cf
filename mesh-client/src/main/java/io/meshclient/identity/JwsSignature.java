package io.meshclient.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import java.security.PublicKey;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Checks a token's signature; the one class that needs Nimbus. */
final class JwsSignature {

  private JwsSignature() {}

  /** The signature must be by the named key of the bundle of the subject's own trust domain. */
  static void check(JwtSvid svid, BundleSet bundles) throws SvidRejectedException {
    TrustBundle bundle = bundles.bundle(svid.id().trustDomain());
    if (bundle == null) {
      throw new SvidRejectedException(
          SvidRejection.NO_BUNDLE,
          svid.id(),
          "no bundle of its trust domain (known: " + bundles.trustDomains() + ")");
    }
    PublicKey key = bundle.jwtAuthorities().get(svid.keyId());
    if (key == null) {
      throw untrusted(svid, "no key " + Quoted.of(svid.keyId()) + " in its bundle", null);
    }
    boolean signed;
    try {
      JWSObject token = JWSObject.parse(svid.token());
      // The verifier is made for the key: an algorithm that is not for it is refused there.
      signed =
          token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key));
    } catch (JOSEException | ParseException e) {
      throw untrusted(svid, "the signature cannot be checked", e);
    }
    if (!signed) {
      throw untrusted(svid, "the signature is not by key " + Quoted.of(svid.keyId()), null);
    }
  }

  private static SvidRejectedException untrusted(
      JwtSvid svid, String details, @Nullable Throwable cause) {
    return new SvidRejectedException(SvidRejection.UNTRUSTED, svid.id(), details, cause);
  }
}
