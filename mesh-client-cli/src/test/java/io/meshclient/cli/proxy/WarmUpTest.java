package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WarmUpTest {

  @Test
  void policy_has_no_problems() {
    try (MeshClient mesh = WarmUp.mesh(new HostPort("127.0.0.1", 8080))) {
      assertThat(mesh.problems()).isEmpty();
    }
  }

  @Test
  void requests_are_answered_by_the_server_and_by_the_policy() throws Exception {
    List<String> answers = WarmUp.answers();

    assertThat(answers)
        .extracting(answer -> answer.substring(0, answer.indexOf('\r')))
        .containsExactly(
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 503 Service Unavailable",
            "HTTP/1.1 503 Service Unavailable");
    assertThat(answers.get(0)).contains("x-c: d").endsWith("ok");
    assertThat(answers.get(4)).doesNotContain("ok");
  }
}
