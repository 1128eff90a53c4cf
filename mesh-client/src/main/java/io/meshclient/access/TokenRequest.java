package io.meshclient.access;

import io.meshclient.identity.BadTokenException;
import io.meshclient.identity.JsonWebToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request while tokens are looked for in it: each issuer meets what those before have taken out
 * and put in. For one thread.
 */
final class TokenRequest {
  private final InboundRequest request;
  private final Set<String> removed = new LinkedHashSet<>();
  private final List<HeaderLine> added = new ArrayList<>();
  private @Nullable String target;
  private @Nullable VerifiedToken verified;

  /** Issuers with the same places read the same tokens. */
  private final Map<String, JsonWebToken> read = new HashMap<>();

  TokenRequest(InboundRequest request) {
    this.request = request;
  }

  /** The values of a header, one for each line. */
  List<String> headers(String name) {
    List<String> sent = removed.contains(name) ? List.of() : request.headers(name);
    if (added.isEmpty()) {
      return sent;
    }
    List<String> all = new ArrayList<>(sent);
    added.stream().filter(line -> line.name().equals(name)).forEach(line -> all.add(line.value()));
    return all;
  }

  String target() {
    return target == null ? request.target() : target;
  }

  void target(String changed) {
    target = changed;
  }

  void remove(String name) {
    added.removeIf(line -> line.name().equals(name));
    if (!request.headers(name).isEmpty()) {
      removed.add(name);
    }
  }

  void add(String name, String value) {
    added.add(new HeaderLine(name, value));
  }

  JsonWebToken read(String token) throws BadTokenException {
    JsonWebToken before = read.get(token);
    if (before != null) {
      return before;
    }
    JsonWebToken now = JsonWebToken.parse(token);
    read.put(token, now);
    return now;
  }

  void verified(VerifiedToken token) {
    verified = token;
  }

  TokenResult.Passed passed() {
    if (target == null && removed.isEmpty() && added.isEmpty() && verified == null) {
      return TokenResult.Passed.WITHOUT_TOKEN;
    }
    return new TokenResult.Passed(verified, new RequestChanges(target, removed, added));
  }
}
