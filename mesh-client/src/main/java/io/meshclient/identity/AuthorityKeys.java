package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** What a local authority signs with: made anew, or kept in a directory for the next time. */
record AuthorityKeys(KeyPair keys, X509Certificate root) {
  static final String KEY = "ca-key.pem";
  static final String CERTIFICATE = "ca-cert.pem";

  private static final Duration LIFE = Duration.ofDays(365);

  static AuthorityKeys make(TrustDomain trustDomain, Clock clock) {
    KeyPair keys = CertificateMint.keys();
    Instant now = clock.instant();
    Instant from = now.minus(LocalAuthority.BACKDATED);
    return new AuthorityKeys(keys, CertificateMint.root(trustDomain, keys, from, now.plus(LIFE)));
  }

  /** Those of the directory; new ones are written to it if it has none. */
  static AuthorityKeys in(Path directory, TrustDomain trustDomain, Clock clock) throws IOException {
    Path keyFile = directory.resolve(KEY);
    Path certificateFile = directory.resolve(CERTIFICATE);
    if (Files.exists(keyFile) || Files.exists(certificateFile)) {
      return read(keyFile, certificateFile, trustDomain, clock);
    }
    AuthorityKeys made = make(trustDomain, clock);
    try {
      Files.createDirectories(directory);
      PemDirectorySource.replace(keyFile, PemText.of(made.keys.getPrivate()), true);
      PemDirectorySource.replace(certificateFile, PemText.of(List.of(made.root)), false);
    } catch (GeneralSecurityException e) {
      throw new IdentityException(certificateFile + ": " + Quoted.messageOf(e), e);
    }
    return made;
  }

  private static AuthorityKeys read(
      Path keyFile, Path certificateFile, TrustDomain trustDomain, Clock clock) throws IOException {
    Path at = keyFile;
    try {
      PrivateKey key = PrivateKeys.ofPem(Files.readString(keyFile, ISO_8859_1));
      at = certificateFile;
      List<X509Certificate> certificates =
          Certificates.ofPem(Files.readString(certificateFile, ISO_8859_1));
      X509Certificate root = certificates.get(0);
      root.checkValidity(Date.from(clock.instant()));
      if (!Extensions.uris(root).equals(List.of(trustDomain.id().toString()))) {
        throw new IdentityException(
            at + ": of " + Extensions.uris(root) + " (expected: " + trustDomain.id() + ")");
      }
      KeyPair keys = new KeyPair(root.getPublicKey(), key);
      if (!areOnePair(keys)) {
        throw new IdentityException(keyFile + ": not the key of " + certificateFile);
      }
      return new AuthorityKeys(keys, root);
    } catch (GeneralSecurityException e) {
      throw new IdentityException(at + ": " + Quoted.messageOf(e), e);
    }
  }

  private static boolean areOnePair(KeyPair keys) throws GeneralSecurityException {
    byte[] message = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(keys.getPublic());
    signature.update(message);
    return signature.verify(signed);
  }
}
