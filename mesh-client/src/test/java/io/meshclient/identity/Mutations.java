package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;

/** Spoils text in many small ways, the same ones in each run. */
final class Mutations {

  /** What reads the text. */
  interface Reader {
    void read(String text) throws Exception;
  }

  private Mutations() {}

  /** Each spoiled text is read, or refused by {@code documented} with a reason, in time. */
  static void assertReadOrRefused(
      String text, String marks, int rounds, Class<? extends Exception> documented, Reader reader) {
    Random random = new Random(text.hashCode());
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < rounds; i++) {
            String mutated = mutate(text, marks, random);
            try {
              reader.read(mutated);
            } catch (Exception e) {
              assertThat(e).as(() -> "of " + Quoted.of(mutated)).isInstanceOf(documented);
              assertThat(e.getMessage()).isNotBlank().matches("[ -~]+");
            }
          }
        });
  }

  private static String mutate(String text, String marks, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    for (int changes = 1 + random.nextInt(4); changes > 0 && mutated.length() > 0; changes--) {
      int at = random.nextInt(mutated.length());
      char mark = marks.charAt(random.nextInt(marks.length()));
      switch (random.nextInt(5)) {
        case 0 -> mutated.deleteCharAt(at);
        case 1 -> mutated.setCharAt(at, mark);
        case 2 -> mutated.insert(at, mark);
        case 3 -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(40)));
        default -> {
          int end = Math.min(mutated.length(), at + random.nextInt(80));
          mutated.insert(random.nextInt(mutated.length()), mutated.substring(at, end));
        }
      }
    }
    return mutated.toString();
  }
}
