package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XxHash64Test {

  /** What the reference implementation gives. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, ef46db3751d8e999",
    "a, 0, d24ec4f1a98c6e5b",
    "abc, 0, 44bc2cf5ad770999",
  })
  void hash_isTheReferences(String text, long seed, String hash) {
    assertThat(Long.toHexString(XxHash64.hash(text, seed))).isEqualTo(hash);
  }

  @Test
  void hash_ofLongText_isTheReferences() {
    assertThat(Long.toHexString(XxHash64.hash("Nobody inspects the spammish repetition", 0)))
        .isEqualTo("fbcea83c8a378bf1");
  }

  @Test
  void hash_takesBytesOfUtf8() {
    assertThat(XxHash64.hash("\u00e4", 0)).isNotEqualTo(XxHash64.hash("\u00c3", 0));
    assertThat(XxHash64.hash("\u00e4\u20ac", 5)).isEqualTo(XxHash64.hash("\u00e4\u20ac", 5));
  }
}
