package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Envoy's {@code Secret}, as far as Istio's agent uses it: a certificate chain with its key, or
 * trusted certificates, in PEM, in the message itself.
 *
 * @param trusted certificates
 */
record SdsSecret(
    String name, @Nullable String chain, @Nullable String key, @Nullable String trusted) {

  static SdsSecret read(byte[] message) throws IdentityException {
    SdsSecret read = new SdsSecret("", null, null, null);
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      read =
          switch (field) {
            case 1 -> new SdsSecret(in.text(), read.chain, read.key, read.trusted);
            case 2 -> read.withCertificate(in.message());
            case 4 -> read.withTrusted(in.message());
            default -> read;
          };
    }
    return read;
  }

  /** {@code TlsCertificate}. */
  private SdsSecret withCertificate(ProtoReader in) throws IdentityException {
    String itsChain = chain;
    String itsKey = key;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> itsChain = data(in.message());
        case 2 -> itsKey = data(in.message());
        default -> {}
      }
    }
    return new SdsSecret(name, itsChain, itsKey, trusted);
  }

  /** {@code CertificateValidationContext}. */
  private SdsSecret withTrusted(ProtoReader in) throws IdentityException {
    String certificates = trusted;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        certificates = data(in.message());
      }
    }
    return new SdsSecret(name, chain, key, certificates);
  }

  /** {@code DataSource}: bytes or text. Names of files or variables are not followed. */
  private static @Nullable String data(ProtoReader in) throws IdentityException {
    String data = null;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 2 -> data = new String(in.bytes(), ISO_8859_1);
        case 3 -> data = in.text();
        default -> {}
      }
    }
    return data;
  }

  /** What is shown has no key in it. */
  @Override
  public String toString() {
    return "SdsSecret[" + name + "]";
  }
}
