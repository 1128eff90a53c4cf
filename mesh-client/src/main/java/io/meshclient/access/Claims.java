package io.meshclient.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rule sees of a token's claims. */
final class Claims {
  private static final Set<String> LISTS_OF_WORDS = Set.of("scope", "permission");

  private Claims() {}

  /**
   * The strings at a place: the one that is there, or those in the list that is there. Numbers,
   * booleans, objects and lists within lists match nothing.
   */
  static List<String> strings(@Nullable VerifiedToken token, List<String> path) {
    if (token == null) {
      return List.of();
    }
    Object at = token.claims();
    for (String name : path) {
      at = at instanceof Map<?, ?> map ? map.get(name) : null;
    }
    if (at instanceof String text) {
      return path.size() == 1 && isListOfWords(token, path.get(0)) ? words(text) : List.of(text);
    }
    if (!(at instanceof List<?> list)) {
      return List.of();
    }
    List<String> strings = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof String text) {
        strings.add(text);
      }
    }
    return strings;
  }

  /** The string at a place; {@code null} if there is something else, or nothing. */
  static @Nullable String string(@Nullable VerifiedToken token, String name) {
    return token != null && token.claims().get(name) instanceof String text ? text : null;
  }

  private static boolean isListOfWords(VerifiedToken token, String name) {
    return LISTS_OF_WORDS.contains(name) || token.spaceDelimited().contains(name);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
