package io.meshclient.identity;

import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What vouches for the SVIDs of one trust domain, and of no other (SPIFFE Trust Domain and Bundle,
 * sections 3 and 4).
 *
 * <p>Immutable.
 *
 * @param x509Authorities in the order of the source, each once; may be empty. Which of them may
 *     vouch for a certificate is decided when one is verified: in a bundle there may be some that
 *     are not valid yet or any more
 * @param jwtAuthorities by key id, RSA and EC keys; may be empty
 * @param sequence grows with each change; {@code null} if the source has none
 * @param refreshHint how long a reader should wait before it looks again; {@code null} if not said
 */
public record TrustBundle(
    TrustDomain trustDomain,
    List<X509Certificate> x509Authorities,
    Map<String, PublicKey> jwtAuthorities,
    @Nullable Long sequence,
    @Nullable Duration refreshHint) {

  public TrustBundle {
    Objects.requireNonNull(trustDomain, "trustDomain");
    x509Authorities = x509Authorities.stream().distinct().toList();
    jwtAuthorities = Collections.unmodifiableMap(new LinkedHashMap<>(jwtAuthorities));
  }

  /** A bundle of certificates alone. */
  public static TrustBundle of(TrustDomain trustDomain, List<X509Certificate> x509Authorities) {
    return new TrustBundle(trustDomain, x509Authorities, Map.of(), null, null);
  }

  /**
   * Reads the JWK Set form: {@code x509-svid} entries with {@code x5c}, {@code jwt-svid} entries
   * with {@code kid}, {@code spiffe_sequence}, {@code spiffe_refresh_hint} in seconds. Entries of
   * other use or type are passed over.
   *
   * @param trustDomain whose bundle it is; the text does not say
   * @throws InvalidBundleException if it is none, or any entry is malformed
   */
  public static TrustBundle ofJwks(TrustDomain trustDomain, String json)
      throws InvalidBundleException {
    return Jwks.read(trustDomain, json);
  }

  /**
   * Reads certificates in PEM, such as Istio's {@code root-cert.pem}.
   *
   * @param trustDomain whose bundle it is; the text does not say
   * @throws InvalidBundleException if there is none, one cannot be read, or there is a block of
   *     another kind
   */
  public static TrustBundle ofPem(TrustDomain trustDomain, String pem)
      throws InvalidBundleException {
    try {
      return of(trustDomain, Certificates.ofPem(pem));
    } catch (CertificateException e) {
      throw new InvalidBundleException("bundle of " + trustDomain + ": " + e.getMessage(), e);
    }
  }

  /**
   * The bundle in its JWK Set form, which {@link #ofJwks} reads.
   *
   * @throws IllegalArgumentException if there is a key that is neither EC nor RSA
   */
  public String toJwks() {
    return JwksText.of(this);
  }

  /** Short: how much there is, for logs. */
  @Override
  public String toString() {
    return "TrustBundle["
        + trustDomain
        + ", "
        + x509Authorities.size()
        + " certificates, "
        + jwtAuthorities.size()
        + " keys"
        + (sequence == null ? "" : ", sequence " + sequence)
        + "]";
  }
}
