package io.meshclient.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID: a token that proves a SPIFFE ID to those it is meant for, until it expires.
 *
 * <p>Immutable. What it is shown as has no token in it.
 */
public final class JwtSvid {
  private final String token;
  private final String keyId;
  private final SpiffeId id;
  private final List<String> audience;
  private final @Nullable Instant notBefore;
  private final Instant expiresAt;

  JwtSvid(
      String token,
      String keyId,
      SpiffeId id,
      List<String> audience,
      @Nullable Instant notBefore,
      Instant expiresAt) {
    this.token = token;
    this.keyId = keyId;
    this.id = id;
    this.audience = List.copyOf(audience);
    this.notBefore = notBefore;
    this.expiresAt = expiresAt;
  }

  /**
   * What a peer's token proves. Checked are, in this order: form, header and claims (JWT-SVID,
   * sections 2 and 3), that there is a bundle of the subject's own trust domain with a key of that
   * id, the signature, audience, and time with 10 seconds of skew. Whether the ID is welcome is
   * another question.
   *
   * <p>Needs {@code com.nimbusds:nimbus-jose-jwt} on the class path.
   *
   * @param token in compact form, without {@code Bearer}
   * @param audiences what the caller is known as; the token has to name one of them
   * @throws SvidRejectedException if it proves nothing
   * @throws IllegalArgumentException if there is no audience
   */
  public static JwtSvid verify(
      String token, Collection<String> audiences, BundleSet bundles, Clock clock)
      throws SvidRejectedException {
    if (audiences.isEmpty()) {
      throw new IllegalArgumentException("audiences: [] (expected: at least one)");
    }
    JwtSvid svid = unverified(token);
    JwsSignature.check(svid, bundles);
    if (svid.audience.stream().noneMatch(audiences::contains)) {
      throw new SvidRejectedException(
          SvidRejection.TOKEN_AUDIENCE,
          svid.id,
          "aud: "
              + Quoted.of(String.join(", ", svid.audience))
              + " (expected: one of "
              + audiences
              + ")");
    }
    svid.checkTime(clock.instant());
    return svid;
  }

  /** One that is as it must be, and that nobody vouched for: our own, from a trusted source. */
  static JwtSvid unverified(String token) throws SvidRejectedException {
    return JwtReader.read(token);
  }

  private void checkTime(Instant now) throws SvidRejectedException {
    if (!now.minus(X509Verification.SKEW).isBefore(expiresAt)) {
      throw new SvidRejectedException(
          SvidRejection.EXPIRED, id, "exp: " + expiresAt + ", and it is " + now);
    }
    if (notBefore != null && now.plus(X509Verification.SKEW).isBefore(notBefore)) {
      throw new SvidRejectedException(
          SvidRejection.NOT_YET_VALID, id, "nbf: " + notBefore + ", and it is " + now);
    }
  }

  /** The subject. */
  public SpiffeId id() {
    return id;
  }

  /** Whom it is meant for; not empty. */
  public List<String> audience() {
    return audience;
  }

  public Instant expiresAt() {
    return expiresAt;
  }

  /** In compact form, a secret: whoever has it is the subject to the audience. */
  public String token() {
    return token;
  }

  /** Which key of the bundle signed it. */
  String keyId() {
    return keyId;
  }

  /** The ID, whom it is for and when it expires. */
  @Override
  public String toString() {
    return "JwtSvid["
        + id
        + ", for "
        + Quoted.of(String.join(", ", audience))
        + ", expires "
        + expiresAt
        + "]";
  }
}
