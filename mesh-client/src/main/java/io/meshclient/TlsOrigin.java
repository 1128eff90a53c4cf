package io.meshclient;

import io.meshclient.identity.SnapshotTls;
import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rule's TLS. Its files are looked at once a second while it is used; where a change cannot be
 * read, what was read last holds.
 */
final class TlsOrigin {
  private static final Logger log = LoggerFactory.getLogger(TlsOrigin.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String SYSTEM = "system";

  /**
   * What sockets are made of.
   *
   * @param sni the name asked for; {@code null} for that of the Host header
   * @param verifier {@code null} for the usual one, by that name
   * @param mutual {@code null} where it is not by SPIFFE identities
   */
  record Material(
      SSLSocketFactory sockets,
      X509TrustManager trust,
      @Nullable HostnameVerifier verifier,
      @Nullable String sni,
      List<String> stamps,
      @Nullable SnapshotTls mutual) {

    /** Of an identity. */
    static Material of(SnapshotTls tls, @Nullable String sni) {
      return new Material(
          tls.sockets(), tls.trustManager(), tls.verifier(), noneIfEmpty(sni), List.of(), tls);
    }
  }

  private final Tls tls;
  private final MeshClock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Material material;
  private volatile long lookedAt;
  private List<String> spoiled = List.of();

  TlsOrigin(Tls tls, MeshClock clock) {
    this.tls = tls;
    this.clock = clock;
  }

  Material material() throws IOException {
    Material known = material;
    if (known != null && clock.nanoTime() - lookedAt < LOOK_NANOS) {
      return known;
    }
    if (known != null && !reading.tryLock()) {
      return known;
    }
    if (known == null) {
      reading.lock();
    }
    try {
      return look();
    } finally {
      reading.unlock();
    }
  }

  private Material look() throws IOException {
    Material known = material;
    List<String> stamps = stamps();
    lookedAt = clock.nanoTime();
    if (known != null && known.stamps.equals(stamps)) {
      return known;
    }
    try {
      Material read = read(stamps);
      material = read;
      return read;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      if (known != null) {
        if (!stamps.equals(spoiled)) {
          spoiled = stamps;
          log.warn("What was read last holds: {}", tls.location().fileAndLine(), e);
        }
        return known;
      }
      throw new IOException("TLS of " + tls.location().fileAndLine() + ": " + e.getMessage(), e);
    }
  }

  private Material read(List<String> stamps) throws IOException, GeneralSecurityException {
    boolean trustsAll = Boolean.TRUE.equals(tls.insecureSkipVerify());
    X509TrustManager trust = trustsAll ? new TrustAll() : trust();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(), new TrustManager[] {trust}, null);
    HostnameVerifier verifier = null;
    if (trustsAll) {
      verifier = (host, session) -> true;
    } else if (!tls.subjectAltNames().isEmpty()) {
      verifier = new SubjectAltNames(tls.subjectAltNames());
    }
    return new Material(
        context.getSocketFactory(), trust, verifier, noneIfEmpty(tls.sni()), stamps, null);
  }

  private static @Nullable String noneIfEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private X509TrustManager trust() throws IOException, GeneralSecurityException {
    KeyStore authorities = null;
    String file = tls.caCertificates();
    if (file != null && !file.isEmpty() && !file.equals(SYSTEM)) {
      authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      int number = 0;
      for (var certificate : Pem.certificates(Path.of(file))) {
        authorities.setCertificateEntry("ca-" + number++, certificate);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager (expected: the JDK's)");
  }

  private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
    if (tls.mode() != TlsMode.MUTUAL) {
      return null;
    }
    String certificates = tls.clientCertificate();
    String key = tls.privateKey();
    if (certificates == null || key == null) {
      throw new GeneralSecurityException(
          "MUTUAL without files (expected: clientCertificate and privateKey)");
    }
    KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
    own.load(null, null);
    own.setKeyEntry(
        "own",
        Pem.privateKey(Path.of(key)),
        new char[0],
        Pem.certificates(Path.of(certificates)).toArray(new java.security.cert.Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, new char[0]);
    return factory.getKeyManagers();
  }

  /** What tells that a file has changed. */
  private List<String> stamps() {
    List<String> stamps = new ArrayList<>();
    for (String file :
        new String[] {tls.caCertificates(), tls.clientCertificate(), tls.privateKey()}) {
      if (file != null && !file.isEmpty()) {
        stamps.add(stamp(Path.of(file)));
      }
    }
    return stamps;
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis() + "/" + Files.size(file);
    } catch (IOException e) {
      return "none";
    }
  }
}
