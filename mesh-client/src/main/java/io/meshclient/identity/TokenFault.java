package io.meshclient.identity;

/**
 * Why a token is not believed, in the words that Envoy answers with ({@code jwt_authn} filter). In
 * the order of its checks.
 */
public enum TokenFault {
  MISSING("Jwt is missing"),
  BAD_FORMAT("Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
  HEADER_BASE64("Jwt header is an invalid Base64url encoded"),
  HEADER_JSON("Jwt header is an invalid JSON"),
  HEADER_ALG("Jwt header [alg] field is required and must be a string"),
  UNSUPPORTED_ALG("Jwt header [alg] is not supported"),
  HEADER_KID("Jwt header [kid] field is not a string"),
  PAYLOAD_BASE64("Jwt payload is an invalid Base64url encoded"),
  PAYLOAD_JSON("Jwt payload is an invalid JSON"),
  ISS_NO_STRING("Jwt payload [iss] field is not a string"),
  SUB_NO_STRING("Jwt payload [sub] field is not a string"),
  IAT_NO_NUMBER("Jwt payload [iat] field is not an integer"),
  IAT_OUT_OF_RANGE("Jwt payload [iat] field is not a positive 64 bit integer"),
  NBF_NO_NUMBER("Jwt payload [nbf] field is not an integer"),
  NBF_OUT_OF_RANGE("Jwt payload [nbf] field is not a positive 64 bit integer"),
  EXP_NO_NUMBER("Jwt payload [exp] field is not an integer"),
  EXP_OUT_OF_RANGE("Jwt payload [exp] field is not a positive 64 bit integer"),
  JTI_NO_STRING("Jwt payload [jti] field is not a string"),
  AUD_NO_STRINGS("Jwt payload [aud] field is not a string or string list"),
  SIGNATURE_BASE64("Jwt signature is an invalid Base64url encoded"),
  UNKNOWN_ISSUER("Jwt issuer is not configured"),
  NOT_YET_VALID("Jwt not yet valid"),
  EXPIRED("Jwt is expired"),
  AUDIENCE("Audiences in Jwt are not allowed"),
  NO_VALID_KEYS("Jwks doesn't have any valid public key"),
  NO_MATCHING_KEY("Jwks doesn't have key to match kid or alg from Jwt"),
  ED25519_LENGTH("Jwt ED25519 signature is wrong length"),
  BAD_SIGNATURE("Jwt verification fails");

  private final String words;

  TokenFault(String words) {
    this.words = words;
  }

  /** Envoy's. */
  public String words() {
    return words;
  }
}
