package io.meshclient.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An identity in a key store, PKCS#12 or JKS: one key with its chain, and the authorities of its
 * own trust domain as trusted certificates, in the same store or one of their own. The files are
 * looked at once a second.
 */
public final class KeyStoreSource extends PolledSource {
  private static final byte[] JKS = {(byte) 0xfe, (byte) 0xed, (byte) 0xfe, (byte) 0xed};

  private final Builder settings;

  private KeyStoreSource(Builder settings) {
    super(settings.store.toString(), settings.files());
    this.settings = settings;
  }

  /**
   * A source of a store.
   *
   * @param password of the store and of the key in it; copied
   */
  public static Builder of(Path store, char[] password) {
    return new Builder(store, password.clone());
  }

  /** How to read the store. Not for several threads. */
  public static final class Builder {
    private final Path store;
    private final char[] password;
    private @Nullable String alias;
    private @Nullable Path trustStore;
    private char[] trustPassword = {};

    private Builder(Path store, char[] password) {
      this.store = Objects.requireNonNull(store, "store");
      this.password = password;
    }

    /** Which key; needed where there are several. */
    public Builder alias(String name) {
      alias = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Where the trusted certificates are, if not in the store itself. */
    public Builder trustStore(Path file, char[] itsPassword) {
      trustStore = Objects.requireNonNull(file, "file");
      trustPassword = itsPassword.clone();
      return this;
    }

    /** Starts to look. The store need not be there yet. */
    public KeyStoreSource start() {
      KeyStoreSource source = still();
      source.start(Duration.ofSeconds(1));
      return source;
    }

    /**
     * What is in it now.
     *
     * @throws IdentityException if it is not there, or is no identity, with the file
     */
    public WorkloadIdentity read() throws IdentityException {
      return load(PolledSource.read(files()));
    }

    /** For tests, which look by themselves. */
    KeyStoreSource still() {
      return new KeyStoreSource(this);
    }

    private List<Path> files() {
      return trustStore == null ? List.of(store) : List.of(store, trustStore);
    }

    private WorkloadIdentity load(List<byte[]> contents) throws IdentityException {
      KeyStore keys = open(store, contents.get(0), password);
      KeyStore trusted =
          trustStore == null ? keys : open(trustStore, contents.get(1), trustPassword);
      try {
        X509Svid svid = svid(keys);
        List<X509Certificate> authorities = new ArrayList<>();
        for (String name : names(trusted)) {
          if (trusted.isCertificateEntry(name)) {
            authorities.add(x509(trusted.getCertificate(name)));
          }
        }
        if (authorities.isEmpty()) {
          throw new IdentityException(
              (trustStore == null ? store : trustStore)
                  + ": no trusted certificate (expected: the authorities of "
                  + svid.id().trustDomain()
                  + ")");
        }
        return new WorkloadIdentity(
            svid, BundleSet.of(TrustBundle.of(svid.id().trustDomain(), authorities)));
      } catch (GeneralSecurityException e) {
        throw new IdentityException(store + ": " + Quoted.messageOf(e), e);
      }
    }

    private X509Svid svid(KeyStore keys) throws GeneralSecurityException, IdentityException {
      List<String> candidates = new ArrayList<>();
      for (String name : names(keys)) {
        if (keys.isKeyEntry(name) && (alias == null || alias.equals(name))) {
          candidates.add(name);
        }
      }
      if (candidates.size() != 1) {
        throw new IdentityException(
            store
                + ": "
                + candidates.size()
                + " keys "
                + (alias == null ? "" : "named " + Quoted.of(alias) + " ")
                + "(expected: one; there are "
                + Quoted.of(names(keys).toString())
                + ")");
      }
      String name = candidates.get(0);
      Key key = keys.getKey(name, password);
      Certificate[] chain = keys.getCertificateChain(name);
      if (!(key instanceof PrivateKey privateKey) || chain == null) {
        throw new IdentityException(store + ": " + Quoted.of(name) + " has no certificates");
      }
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate certificate : chain) {
        certificates.add(x509(certificate));
      }
      return X509Svid.of(withoutRoot(certificates), privateKey);
    }

    /** The JDK completes chains by what else is in a PKCS#12 store; a root is not sent along. */
    private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
      int last = chain.size() - 1;
      boolean root =
          last > 0
              && chain
                  .get(last)
                  .getSubjectX500Principal()
                  .equals(chain.get(last).getIssuerX500Principal());
      return root ? chain.subList(0, last) : chain;
    }

    private X509Certificate x509(@Nullable Certificate certificate) throws IdentityException {
      if (certificate instanceof X509Certificate x509) {
        return x509;
      }
      throw new IdentityException(store + ": a certificate of another kind (expected: X.509)");
    }

    private static List<String> names(KeyStore keys) throws GeneralSecurityException {
      return Collections.list(keys.aliases());
    }

    private static KeyStore open(Path file, byte[] content, char[] password)
        throws IdentityException {
      boolean jks = Arrays.equals(content, 0, Math.min(4, content.length), JKS, 0, 4);
      try {
        KeyStore keys = KeyStore.getInstance(jks ? "JKS" : "PKCS12");
        keys.load(new ByteArrayInputStream(content), password);
        return keys;
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        throw new IdentityException(
            file + ": no key store of that password: " + Quoted.messageOf(e), e);
      }
    }
  }

  @Override
  WorkloadIdentity load(List<byte[]> contents) throws IdentityException {
    return settings.load(contents);
  }
}
