package io.meshclient.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code x-forwarded-client-cert}, by which a sidecar says who called it. Anyone can
 * write it: whether a sidecar did is decided elsewhere, and this is asked only then.
 */
public final class Xfcc {

  private Xfcc() {}

  /**
   * Who called, in the words of our own sidecar. Each proxy on the way adds an element at the end,
   * so that only the last is our sidecar's; those before are hearsay.
   *
   * @param lines the header's values, in order
   * @param own the ID of this workload, which the sidecar has too
   * @return {@code null} if it is not known: there is no header, or the caller's certificate has no
   *     URI. That is not to be taken for "anyone"
   * @throws InvalidXfccException if the header is malformed, the last element is not by {@code
   *     own}, or it names several callers or one that cannot be
   */
  public static @Nullable SpiffeId caller(List<String> lines, SpiffeId own)
      throws InvalidXfccException {
    List<XfccElement> elements = parse(lines);
    if (elements.isEmpty()) {
      return null;
    }
    XfccElement last = elements.get(elements.size() - 1);
    if (!last.by().contains(own.toString())) {
      throw new InvalidXfccException(
          "By: " + Quoted.of(String.join(", ", last.by())) + " (expected: " + own + ")");
    }
    List<String> uris = last.uris();
    if (uris.size() > 1) {
      throw new InvalidXfccException("URI: " + uris.size() + " of them (expected: 1)");
    }
    return uris.isEmpty() ? null : workload(uris.get(0));
  }

  /**
   * Takes the header apart: Envoy's text, or the same in JSON, an object or an array of them with a
   * string or an array of strings for each key.
   *
   * @param lines the header's values, in order; blank ones count as missing
   * @return one for each proxy that said something, the nearest last
   * @throws InvalidXfccException if anything in it is malformed, in an early element too
   */
  public static List<XfccElement> parse(List<String> lines) throws InvalidXfccException {
    List<XfccElement> elements = new ArrayList<>(1);
    for (String line : Objects.requireNonNull(lines, "lines")) {
      checkCharacters(line);
      String text = line.strip();
      if (text.startsWith("{") || text.startsWith("[")) {
        addJson(text, elements);
      } else if (!text.isEmpty()) {
        elements.addAll(XfccText.parse(text));
      }
    }
    return List.copyOf(elements);
  }

  private static SpiffeId workload(String uri) throws InvalidXfccException {
    String problem = SpiffeId.problem(uri);
    if (problem != null) {
      throw new InvalidXfccException("URI: " + Quoted.of(uri) + ": " + problem);
    }
    SpiffeId id = SpiffeId.parse(uri);
    if (!id.namesWorkload()) {
      throw new InvalidXfccException("URI: " + id + " (expected: an ID with a path)");
    }
    return id;
  }

  private static void checkCharacters(String line) throws InvalidXfccException {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f) {
        throw new InvalidXfccException("control character at " + i);
      }
    }
  }

  private static void addJson(String text, List<XfccElement> elements) throws InvalidXfccException {
    Object json;
    try {
      json = Json.parse(text);
    } catch (Json.Malformed e) {
      throw new InvalidXfccException(String.valueOf(e.getMessage()));
    }
    for (Object each : json instanceof List<?> several ? several : List.of(json)) {
      if (!(each instanceof Map<?, ?> object)) {
        throw new InvalidXfccException("JSON: no object (expected: an object for each proxy)");
      }
      elements.add(element(object));
    }
  }

  private static XfccElement element(Map<?, ?> object) throws InvalidXfccException {
    XfccElement.Builder element = new XfccElement.Builder();
    for (Map.Entry<?, ?> member : object.entrySet()) {
      Object value = member.getValue();
      for (Object each : value instanceof List<?> several ? several : List.of(value)) {
        if (!(each instanceof String text)) {
          throw new InvalidXfccException(
              Quoted.of(String.valueOf(member.getKey())) + ": no string (expected: strings)");
        }
        element.add(String.valueOf(member.getKey()), text);
      }
    }
    return element.build();
  }
}
