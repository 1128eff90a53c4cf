package io.meshclient.istio;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was probably meant by a word that is unknown. */
final class Near {
  private static final int MAX_LENGTH = 64;

  private Near() {}

  /** The nearest of {@code words}, or {@code null} where none is near. */
  static @Nullable String to(String word, Collection<String> words) {
    String folded = fold(word);
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : words) {
      int distance = distance(folded, fold(candidate));
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return least <= allowed(folded.length()) ? best : null;
  }

  /** {@code ; did you mean "x"?}, or nothing. */
  static String hint(String word, Collection<String> words) {
    String near = to(word, words);
    return near == null ? "" : "; did you mean \"" + near + "\"?";
  }

  /** Insertions, deletions, replacements and swaps of neighbours that make one the other. */
  static int distance(String a, String b) {
    if (a.length() > MAX_LENGTH || b.length() > MAX_LENGTH) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + replace);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static int allowed(int length) {
    return length <= 3 ? 1 : Math.min(3, length / 3);
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
