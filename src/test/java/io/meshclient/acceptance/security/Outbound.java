package io.meshclient.acceptance.security;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.security.SecurityRequest.TokenPlace;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as it goes out, its tokens in place.
 *
 * @param headers one entry a line, Host first
 */
record Outbound(Caller caller, String method, String target, List<Header> headers) {

  /** The request of a case, with the tokens that were recorded for it. */
  static Outbound of(SecurityRequest request, JsonObject recorded) {
    List<String> tokens = new ArrayList<>();
    if (recorded.has("tokens")) {
      for (JsonElement token : recorded.getAsJsonArray("tokens")) {
        tokens.add(token.getAsString());
      }
    }
    return of(request, tokens);
  }

  static Outbound of(SecurityRequest request, List<String> tokens) {
    if (tokens.size() != request.tokens().size()) {
      throw new IllegalArgumentException(
          "%d tokens for %s (expected: %d)"
              .formatted(tokens.size(), request.name(), request.tokens().size()));
    }
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Host", request.host()));
    headers.addAll(request.headers());
    String target = request.target();
    for (int i = 0; i < tokens.size(); i++) {
      TokenPlace place = request.tokens().get(i);
      if (place.parameter() == null) {
        headers.add(new Header(place.header(), place.prefix() + tokens.get(i)));
      } else {
        String joint = target.contains("?") ? "&" : "?";
        target += joint + place.parameter() + "=" + tokens.get(i);
      }
    }
    return new Outbound(request.caller(), request.method(), target, List.copyOf(headers));
  }

  /** With the header by which a backend's record is found again. */
  Outbound withId(String id) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header("x-test-id", id));
    return new Outbound(caller, method, target, List.copyOf(more));
  }

  /** The bytes of an HTTP/1.1 request, nothing escaped and nothing folded. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    for (Header header : headers) {
      text.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    return text.append("\r\n").toString();
  }
}
