package io.meshclient.identity;

/** Why an SVID is not accepted. The names are stable; the exception's message has the details. */
public enum SvidRejection {
  /** There is no certificate, or there are more than a chain may have. */
  CHAIN_LENGTH,
  /** The subject alternative names cannot be read, or may be taken in several ways. */
  NAMES_MALFORMED,
  /** There is not exactly one URI among the subject alternative names. */
  URI_COUNT,
  /** The URI, or a token's subject, is no SPIFFE ID. */
  ID_INVALID,
  /** The SPIFFE ID has no path: it names a trust domain. */
  ID_WITHOUT_PATH,
  /** The certificate is a CA's, or does not say legibly that it is not. */
  IS_CA,
  /** Key usage is missing, not critical, without digital signature, or allows to sign others. */
  KEY_USAGE,
  /** Extended key usage is there, without server or client authentication. */
  EXTENDED_KEY_USAGE,
  /** A certificate above the leaf must not sign it. */
  SIGNING_CERTIFICATE,
  /** There is no bundle of the ID's trust domain, or nothing usable in it. */
  NO_BUNDLE,
  /** It is valid later. */
  NOT_YET_VALID,
  /** It was valid until some time ago. */
  EXPIRED,
  /** Nothing in the bundle of the ID's trust domain vouches for it. */
  UNTRUSTED,
  /** The private key is not the certificate's. */
  KEY_MISMATCH,
  /** The token is not a signed JWT in compact form, or a claim is missing or of a wrong type. */
  TOKEN_MALFORMED,
  /** The token's algorithm is none of those that JWT-SVID allows. */
  TOKEN_ALGORITHM,
  /** The token's header says more, or other things, than JWT-SVID allows. */
  TOKEN_HEADER,
  /** The token is meant for others. */
  TOKEN_AUDIENCE
}
