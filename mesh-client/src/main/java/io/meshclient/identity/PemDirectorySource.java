package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.List;

/**
 * An identity in a directory of three PEM files, as Istio's agent writes them where {@code
 * OUTPUT_CERTS} says so: {@code key.pem} (PKCS#8, PKCS#1 or SEC1), {@code cert-chain.pem}, the leaf
 * first, and {@code root-cert.pem}, the authorities of the leaf's own trust domain.
 *
 * <p>Each file is replaced by itself, so that a key may be newer than the certificate beside it: a
 * set is taken when its key is the certificate's, and until then the one before stays. The files
 * are looked at once a second.
 */
public final class PemDirectorySource extends PolledSource {
  static final String KEY = "key.pem";
  static final String CHAIN = "cert-chain.pem";
  static final String ROOTS = "root-cert.pem";

  private final Path directory;

  private PemDirectorySource(Path directory) {
    super(directory.toString(), files(directory));
    this.directory = directory;
  }

  /** Starts to look. There need not be anything in the directory yet. */
  public static PemDirectorySource start(Path directory) {
    return start(directory, Duration.ofSeconds(1));
  }

  static PemDirectorySource start(Path directory, Duration interval) {
    PemDirectorySource source = new PemDirectorySource(directory);
    source.start(interval);
    return source;
  }

  /** For tests, which look by themselves. */
  static PemDirectorySource still(Path directory) {
    return new PemDirectorySource(directory);
  }

  /**
   * What is in a directory now.
   *
   * @throws IdentityException if it is not there, or is no identity, with the file
   */
  public static WorkloadIdentity read(Path directory) throws IdentityException {
    return load(directory, read(files(directory)));
  }

  /**
   * Writes the three files into a directory, which is made if it is not there. Each is replaced in
   * one move; on a POSIX file system only the owner may read the key.
   *
   * @throws IOException if they cannot be written
   */
  public static void write(Path directory, WorkloadIdentity identity) throws IOException {
    X509Svid svid = identity.svid();
    TrustBundle bundle = identity.bundles().bundle(svid.id().trustDomain());
    try {
      Files.createDirectories(directory);
      replace(directory.resolve(KEY), PemText.of(svid.privateKey()), true);
      replace(directory.resolve(CHAIN), PemText.of(svid.chain()), false);
      String roots = bundle == null ? "" : PemText.of(bundle.x509Authorities());
      replace(directory.resolve(ROOTS), roots, false);
    } catch (CertificateEncodingException e) {
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
  }

  static void replace(Path file, String text, boolean secret) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--"))
            }
            : new FileAttribute<?>[0];
    Path directory = file.toAbsolutePath().getParent();
    Path written = Files.createTempFile(directory, "." + file.getFileName(), ".new", attributes);
    try {
      Files.writeString(written, text, US_ASCII);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static List<Path> files(Path directory) {
    return List.of(directory.resolve(KEY), directory.resolve(CHAIN), directory.resolve(ROOTS));
  }

  @Override
  WorkloadIdentity load(List<byte[]> contents) throws IdentityException {
    return load(directory, contents);
  }

  private static WorkloadIdentity load(Path directory, List<byte[]> contents)
      throws IdentityException {
    return new PemIdentity(
            directory.resolve(KEY).toString(),
            directory.resolve(CHAIN).toString(),
            directory.resolve(ROOTS).toString())
        .identity(contents);
  }
}
