package io.meshclient.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where an issuer's tokens may be. Immutable. */
sealed interface TokenPlace {

  /** A token, and how to take it out of the request. */
  record Found(String token, TokenPlace place) {}

  /** All tokens that are there. */
  List<Found> find(TokenRequest request);

  /** Takes all of them out, where that can be done. */
  void clear(TokenRequest request);

  /**
   * A header; what stands before and right behind the prefix is passed over.
   *
   * @param name in lower case
   * @param prefix empty if the value is all token
   */
  record Header(String name, String prefix) implements TokenPlace {

    /** Of these Envoy makes one line of several; of others each is looked at. */
    private static final Map<String, String> JOINED = Map.of("authorization", ",", "cookie", "; ");

    @Override
    public List<Found> find(TokenRequest request) {
      List<Found> found = new ArrayList<>(1);
      for (String value : lines(request)) {
        int at = value.indexOf(prefix);
        if (at >= 0) {
          found.add(
              new Found(prefix.isEmpty() ? value : behind(value, at + prefix.length()), this));
        }
      }
      return found;
    }

    private List<String> lines(TokenRequest request) {
      List<String> lines = request.headers(name);
      String between = lines.size() > 1 ? JOINED.get(name) : null;
      return between == null ? lines : List.of(String.join(between, lines));
    }

    private static String behind(String value, int from) {
      for (int i = from; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '.' || c == '-' || c == '_' || c < 0x80 && Character.isLetterOrDigit(c)) {
          return value.substring(i);
        }
      }
      return value;
    }

    @Override
    public void clear(TokenRequest request) {
      request.remove(name);
    }
  }

  /** A parameter of the query. */
  record Parameter(String name) implements TokenPlace {
    @Override
    public List<Found> find(TokenRequest request) {
      if (request.target().indexOf('?') < 0) {
        return List.of();
      }
      String token = new QueryParameters(request.target()).first(name);
      return token == null ? List.of() : List.of(new Found(token, this));
    }

    @Override
    public void clear(TokenRequest request) {
      request.target(new QueryParameters(request.target()).without(name));
    }
  }

  /** A cookie, which stays in the request. */
  record Cookie(String name) implements TokenPlace {
    @Override
    public List<Found> find(TokenRequest request) {
      Map<String, String> cookies = new HashMap<>();
      for (String line : request.headers("cookie")) {
        for (int from = 0; from < line.length(); ) {
          int semicolon = line.indexOf(';', from);
          int to = semicolon < 0 ? line.length() : semicolon;
          put(cookies, line.substring(from, to));
          from = to + 1;
        }
      }
      String token = cookies.get(name);
      return token == null ? List.of() : List.of(new Found(token, this));
    }

    private static void put(Map<String, String> cookies, String cookie) {
      int equals = cookie.indexOf('=');
      if (equals < 0) {
        return;
      }
      String value = cookie.substring(equals + 1);
      boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
      cookies.putIfAbsent(
          withoutLeadingSpace(cookie.substring(0, equals)),
          quoted ? value.substring(1, value.length() - 1) : value);
    }

    private static String withoutLeadingSpace(String name) {
      int from = 0;
      while (from < name.length() && name.charAt(from) == ' ') {
        from++;
      }
      return name.substring(from);
    }

    @Override
    public void clear(TokenRequest request) {
      // It is left to the application, as Envoy does.
    }
  }
}
