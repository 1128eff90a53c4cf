package io.meshclient.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy said of the certificate that its client presented.
 *
 * @param by the URIs of the proxy's own certificate
 * @param uris the URIs of the client's certificate; empty if it has none
 * @param dns the DNS names of the client's certificate
 * @param hash SHA-256 of the client's certificate, in hexadecimal digits
 * @param subject of the client's certificate, by RFC 2253; unlike the others {@code ""} is one
 * @param cert the client's certificate, PEM with percent-encoding
 * @param chain the client's chain, PEM with percent-encoding
 */
public record XfccElement(
    List<String> by,
    List<String> uris,
    List<String> dns,
    @Nullable String hash,
    @Nullable String subject,
    @Nullable String cert,
    @Nullable String chain) {

  public XfccElement {
    by = List.copyOf(by);
    uris = List.copyOf(uris);
    dns = List.copyOf(dns);
  }

  /** Collects the pairs of an element. */
  static final class Builder {
    private final List<String> by = new ArrayList<>(1);
    private final List<String> uris = new ArrayList<>(1);
    private final List<String> dns = new ArrayList<>(0);
    private @Nullable String hash;
    private @Nullable String subject;
    private @Nullable String cert;
    private @Nullable String chain;

    /** Keys of another name are passed over: proxies may come to say more. */
    void add(String key, String value) throws InvalidXfccException {
      switch (asciiLowerCase(key)) {
        case "by" -> addUnlessEmpty(by, value);
        case "uri" -> addUnlessEmpty(uris, value);
        case "dns" -> addUnlessEmpty(dns, value);
        case "hash" -> hash = once(key, hash, value);
        case "subject" -> subject = once(key, subject, value);
        case "cert" -> cert = once(key, cert, value);
        case "chain" -> chain = once(key, chain, value);
        default -> {}
      }
    }

    XfccElement build() {
      return new XfccElement(by, uris, dns, hash, subject, cert, chain);
    }

    /** Envoy writes {@code URI=} for a certificate that has none. */
    private static void addUnlessEmpty(List<String> values, String value) {
      if (!value.isEmpty()) {
        values.add(value);
      }
    }

    private static String once(String key, @Nullable String before, String value)
        throws InvalidXfccException {
      if (before != null) {
        throw new InvalidXfccException(key + ": twice in an element (expected: once)");
      }
      return value;
    }

    private static String asciiLowerCase(String key) throws InvalidXfccException {
      for (int i = 0; i < key.length(); i++) {
        char c = key.charAt(i);
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
          throw new InvalidXfccException("key " + Quoted.of(key) + " (expected: a name)");
        }
      }
      if (key.isEmpty()) {
        throw new InvalidXfccException("key \"\" (expected: a name)");
      }
      return key.toLowerCase(Locale.ROOT);
    }
  }
}
