package io.meshclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.TrustDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnNameTest {
  @TempDir Path directory;

  private OwnName mounted(String payload) throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(
        token, base64("{\"alg\":\"RS256\",\"kid\":\"k\"}") + "." + base64(payload) + ".c2ln\n");
    return new OwnName(null, token);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void service_account_is_named_as_istio_does() throws Exception {
    OwnName name = mounted("{\"sub\":\"system:serviceaccount:production:pay\"}");
    assertThat(name.get(List.of())).hasToString("spiffe://cluster.local/ns/production/sa/pay");
    assertThat(name.get(List.of(TrustDomain.parse("td.example"), TrustDomain.parse("old"))))
        .hasToString("spiffe://td.example/ns/production/sa/pay");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"sub\":\"alice\"}",
        "{\"sub\":\"system:serviceaccount:production\"}",
        "{\"sub\":\"system:serviceaccount:a/b:pay\"}",
        "{\"sub\":\"system:serviceaccount::\"}",
        "no JSON",
      })
  void other_token_names_nobody(String payload) throws Exception {
    assertThat(mounted(payload).get(List.of())).isNull();
  }

  @Test
  void without_a_token_nobody_is_named() {
    assertThat(new OwnName(null, directory.resolve("none")).get(List.of())).isNull();
  }
}
