package io.meshclient.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A workload's own X.509-SVID: its ID, the certificates that prove it, and the private key. For the
 * certificates of others there is {@link #verify}.
 *
 * <p>Immutable. What it is shown as has no key in it.
 */
public final class X509Svid {
  private final SpiffeId id;
  private final List<X509Certificate> chain;
  private final PrivateKey privateKey;

  private X509Svid(SpiffeId id, List<X509Certificate> chain, PrivateKey privateKey) {
    this.id = id;
    this.chain = chain;
    this.privateKey = privateKey;
  }

  /**
   * An SVID of a chain and its key. The leaf must be as X509-SVID says, and the key must be its;
   * who vouches for it, and until when, is not asked.
   *
   * @param chain the leaf first, then intermediates, each vouching for the one before
   * @throws SvidRejectedException if they are no SVID
   */
  public static X509Svid of(List<X509Certificate> chain, PrivateKey privateKey)
      throws SvidRejectedException {
    List<X509Certificate> copy = List.copyOf(Objects.requireNonNull(chain, "chain"));
    Objects.requireNonNull(privateKey, "privateKey");
    if (copy.isEmpty()) {
      throw new SvidRejectedException(
          SvidRejection.CHAIN_LENGTH, null, "chain: 0 certificates (expected: at least 1)");
    }
    SpiffeId id = LeafProfile.check(copy.get(0));
    checkKey(copy.get(0), privateKey, id);
    return new X509Svid(id, copy, privateKey);
  }

  /**
   * The ID that a peer's chain proves. Checked are, in this order: the leaf (X509-SVID, sections 2
   * to 5), that there is a bundle of its own trust domain, validity of every certificate with 10
   * seconds of skew, the signing certificates, and the path to that bundle. Whether the ID is
   * welcome is another question.
   *
   * @param chain the leaf first; a root at its end does no harm and is not trusted for being there
   * @throws SvidRejectedException if it proves none
   */
  public static SpiffeId verify(List<X509Certificate> chain, BundleSet bundles, Clock clock)
      throws SvidRejectedException {
    return new X509Verification(List.copyOf(chain), bundles, clock).verify();
  }

  public SpiffeId id() {
    return id;
  }

  /** The leaf first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  public PrivateKey privateKey() {
    return privateKey;
  }

  /** From when on it may be used: the latest beginning of its certificates. */
  public Instant validFrom() {
    return chain.stream().map(c -> c.getNotBefore().toInstant()).max(Instant::compareTo).get();
  }

  /** Until when it may be used: the earliest end of its certificates. */
  public Instant expiresAt() {
    return chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).get();
  }

  /** By a signature, so that keys that cannot be read (a security module's) are checked too. */
  private static void checkKey(X509Certificate leaf, PrivateKey key, SpiffeId id)
      throws SvidRejectedException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    Exception failure = null;
    try {
      byte[] message = id.toString().getBytes(StandardCharsets.US_ASCII);
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(leaf.getPublicKey());
      signature.update(message);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      failure = e;
    }
    throw new SvidRejectedException(
        SvidRejection.KEY_MISMATCH, id, "the private key is not the certificate's", failure);
  }

  /** The ID and when it expires. */
  @Override
  public String toString() {
    return "X509Svid[" + id + ", expires " + expiresAt() + "]";
  }
}
