package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** The cookies that answers set, kept apart by key; they neither expire nor mind paths. */
final class Cookies {

  private final ConcurrentMap<Integer, Map<String, String>> byKey = new ConcurrentHashMap<>();

  void keep(int key, List<Header> answer) {
    for (Header header : answer) {
      if (header.name().equalsIgnoreCase("set-cookie")) {
        String[] cookie = header.value().split(";", 2)[0].split("=", 2);
        byKey.merge(key, Map.of(cookie[0].strip(), cookie[1].strip()), Cookies::replaced);
      }
    }
  }

  /** The Cookie header for a request with this key, none where there is no cookie. */
  List<Header> header(int key) {
    Map<String, String> cookies = byKey.getOrDefault(key, Map.of());
    if (cookies.isEmpty()) {
      return List.of();
    }
    String value =
        cookies.entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    return List.of(new Header("cookie", value));
  }

  private static Map<String, String> replaced(Map<String, String> old, Map<String, String> set) {
    Map<String, String> all = new TreeMap<>(old);
    all.putAll(set);
    return all;
  }
}
