package io.meshclient.cli.proxy;

import io.meshclient.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What x-forwarded-client-cert says of a connection's client, as Istio's sidecar words it. */
final class CallerElement {
  private static final int DNS = 2;
  private static final int URI = 6;

  private CallerElement() {}

  /**
   * The element.
   *
   * @return {@code null} if the client showed no certificate
   */
  static @Nullable String of(SSLSession session, SpiffeId own) {
    Certificate[] shown;
    try {
      shown = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
    return shown.length > 0 && shown[0] instanceof X509Certificate client
        ? element(client, own)
        : null;
  }

  private static String element(X509Certificate client, SpiffeId own) {
    StringBuilder element = new StringBuilder();
    element.append("By=").append(own).append(";Hash=").append(hash(client));
    String subject = client.getSubjectX500Principal().getName(X500Principal.RFC2253);
    element.append(";Subject=\"").append(subject.replace("\\", "\\\\").replace("\"", "\\\""));
    element.append("\";URI=").append(String.join(",", names(client, URI)));
    for (String name : names(client, DNS)) {
      element.append(";DNS=").append(name);
    }
    return element.toString();
  }

  private static String hash(X509Certificate client) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(client.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no SHA-256 of a certificate that was verified", e);
    }
  }

  private static List<String> names(X509Certificate client, int kind) {
    List<String> names = new ArrayList<>(1);
    try {
      Collection<List<?>> all = client.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.get(0) instanceof Integer its && its == kind) {
          names.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("names of a certificate that was verified", e);
    }
    return names;
  }
}
