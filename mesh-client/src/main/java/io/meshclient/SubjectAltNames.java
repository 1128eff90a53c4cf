package io.meshclient;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Accepts certificates that have one of some names, whatever host they were asked for. A name
 * covers a certificate's wildcard of one label; URIs and addresses have to be the same.
 */
final class SubjectAltNames implements HostnameVerifier {
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  private final List<String> names;

  SubjectAltNames(List<String> names) {
    this.names = List.copyOf(names);
  }

  @Override
  public boolean verify(String ignored, SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate leaf && matches(leaf);
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return false;
    }
  }

  private boolean matches(X509Certificate leaf) throws CertificateParsingException {
    Collection<List<?>> entries = leaf.getSubjectAlternativeNames();
    // Null also where one entry of several cannot be read: then none counts.
    if (entries == null) {
      return false;
    }
    for (List<?> entry : entries) {
      if (entry.get(0) instanceof Integer type && entry.get(1) instanceof String name) {
        for (String wanted : names) {
          if (matches(type, name, wanted)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean matches(int type, String name, String wanted) {
    if (type != DNS) {
      return (type == URI || type == IP) && name.equals(wanted);
    }
    String host = wanted.toLowerCase(Locale.ROOT);
    String pattern = name.toLowerCase(Locale.ROOT);
    int dot = host.indexOf('.');
    return pattern.equals(host)
        || pattern.startsWith("*.") && dot > 0 && pattern.substring(1).equals(host.substring(dot));
  }
}
