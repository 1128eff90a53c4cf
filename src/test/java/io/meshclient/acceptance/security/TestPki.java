package io.meshclient.acceptance.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The mesh's authority, another one that nobody trusts, and what they have signed: by the mesh's,
 * identities of any trust domain. Safe for use by any thread.
 */
final class TestPki {

  /** The workload's, whatever the case says of it. */
  static final String WORKLOAD = "spiffe://cluster.local/ns/production/sa/payment-service";

  private static final char[] NO_PASSWORD = new char[0];

  private record Owner(String identity, boolean untrusted) {}

  private final SignedKey mesh = SignedKey.authority("mesh");
  private final SignedKey other = SignedKey.authority("other");
  private final Map<Owner, SSLContext> clients = new ConcurrentHashMap<>();

  /**
   * What a client connects with.
   *
   * @param identity null for a client without a certificate
   */
  SSLContext client(String identity, boolean untrusted) {
    return clients.computeIfAbsent(new Owner(identity, untrusted), this::context);
  }

  /** Writes {@code cert.pem}, {@code key.pem} and {@code ca.pem}, those of the workload. */
  void writeWorkload(Path directory) throws IOException {
    Files.createDirectories(directory);
    SignedKey workload = mesh.issue(WORKLOAD);
    write(directory.resolve("cert.pem"), "CERTIFICATE", workload.encodedCertificate());
    write(directory.resolve("key.pem"), "PRIVATE KEY", workload.keys().getPrivate().getEncoded());
    write(directory.resolve("ca.pem"), "CERTIFICATE", mesh.encodedCertificate());
  }

  private SSLContext context(Owner owner) {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("mesh", mesh.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(owner), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(owner.toString(), e);
    }
  }

  private KeyManager[] keyManagers(Owner owner) throws GeneralSecurityException, IOException {
    KeyStore keys = empty();
    if (owner.identity() != null) {
      SignedKey leaf = (owner.untrusted() ? other : mesh).issue(owner.identity());
      keys.setKeyEntry(
          "own",
          leaf.keys().getPrivate(),
          NO_PASSWORD,
          List.of(leaf.certificate()).toArray(Certificate[]::new));
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, NO_PASSWORD);
    // The JDK sends a certificate only where the server names its issuer, and the workload does not
    // know the other authority.
    return new KeyManager[] {
      new OnlyKey((X509ExtendedKeyManager) own.getKeyManagers()[0], owner.identity())
    };
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type));
  }
}
