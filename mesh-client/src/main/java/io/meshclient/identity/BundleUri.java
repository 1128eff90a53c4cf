package io.meshclient.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What a bundle endpoint's address must be (SPIFFE Federation, sections 5.2.1.1 and 5.2.2.1). */
final class BundleUri {
  private BundleUri() {}

  /** What is wrong with it, without what may be a password in it; {@code null} if nothing. */
  static @Nullable String problem(URI uri) {
    if (!"https".equalsIgnoreCase(uri.getScheme())) {
      return "scheme " + Quoted.of(String.valueOf(uri.getScheme())) + " (expected: https)";
    }
    String authority = uri.getRawAuthority();
    if (authority == null || uri.getHost() == null && authority.indexOf('@') < 0) {
      return "no host in " + Quoted.of(uri.toString()) + " (expected: one)";
    }
    return authority.indexOf('@') < 0 ? null : "user information (expected: none)";
  }
}
