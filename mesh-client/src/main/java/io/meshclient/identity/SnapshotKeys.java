package io.meshclient.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Key and chain of one snapshot, whatever a peer says whom it trusts: there is one identity to
 * show, and it is the peer who judges it.
 */
final class SnapshotKeys extends X509ExtendedKeyManager {
  private static final String ALIAS = "svid";

  private final X509Svid svid;

  SnapshotKeys(X509Svid svid) {
    this.svid = svid;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    return ALIAS.equals(alias) ? svid.chain().toArray(new X509Certificate[0]) : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return ALIAS.equals(alias) ? svid.privateKey() : null;
  }

  private String @Nullable [] aliases(String keyType) {
    return choose(keyType) == null ? null : new String[] {ALIAS};
  }

  private @Nullable String choose(String... keyTypes) {
    String own = svid.leaf().getPublicKey().getAlgorithm().toUpperCase(Locale.ROOT);
    for (String keyType : keyTypes) {
      String type = keyType.toUpperCase(Locale.ROOT);
      // TLS 1.2 says what signs as well: EC_EC, EC_RSA.
      if (type.equals(own) || type.startsWith(own + "_")) {
        return ALIAS;
      }
    }
    return null;
  }
}
