package io.meshclient.identity;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An identity in three PEM files, wherever they are and whatever they are called; otherwise as
 * {@link PemDirectorySource}.
 */
public final class PemFilesSource extends PolledSource {
  private final PemIdentity pem;

  private PemFilesSource(Path key, Path chain, Path roots) {
    super(chain.toString(), List.of(key, chain, roots));
    this.pem = new PemIdentity(key.toString(), chain.toString(), roots.toString());
  }

  /**
   * Starts to look, once a second. There need not be any file yet.
   *
   * @param key PKCS#8, PKCS#1 or SEC1
   * @param chain the leaf first
   * @param roots the authorities of the leaf's own trust domain
   */
  public static PemFilesSource start(Path key, Path chain, Path roots) {
    PemFilesSource source =
        new PemFilesSource(
            requireNonNull(key, "key"),
            requireNonNull(chain, "chain"),
            requireNonNull(roots, "roots"));
    source.start(Duration.ofSeconds(1));
    return source;
  }

  @Override
  WorkloadIdentity load(List<byte[]> contents) throws IdentityException {
    return pem.identity(contents);
  }
}
