package io.meshclient.access;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** For whom tokens have to be; for anybody if none is named. Immutable. */
final class Audiences {
  private final Set<String> allowed;

  Audiences(List<String> allowed) {
    this.allowed = allowed.stream().map(Audiences::bare).collect(Collectors.toUnmodifiableSet());
  }

  boolean allow(List<String> audiences) {
    return allowed.isEmpty() || audiences.stream().map(Audiences::bare).anyMatch(allowed::contains);
  }

  /** Envoy takes no note of the scheme and of a slash at the end. */
  private static String bare(String audience) {
    String host = audience;
    if (host.startsWith("http://")) {
      host = host.substring("http://".length());
    } else if (host.startsWith("https://")) {
      host = host.substring("https://".length());
    }
    return host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
  }
}
