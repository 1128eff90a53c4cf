package io.meshclient.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeshContextTest {

  @Test
  void current_withoutOne_isEmpty() {
    assertThat(MeshContext.current()).isSameAs(MeshContext.empty());
    assertThat(MeshContext.current().isEmpty()).isTrue();
    assertThat(MeshContext.current().requestId()).isNull();
    assertThat(MeshContext.current().header("x-canary")).isNull();
    assertThat(MeshContext.current().values("x-canary")).isEmpty();
  }

  @Test
  void makeCurrent_untilClosed() {
    MeshContext outer = MeshContext.empty().with("x-canary", "true");
    try (Scope scope = outer.makeCurrent()) {
      try (Scope inner = outer.with("x-canary", "false").makeCurrent()) {
        assertThat(MeshContext.current().header("x-canary")).isEqualTo("false");
      }
      assertThat(MeshContext.current()).isSameAs(outer);
    }
    assertThat(MeshContext.current().isEmpty()).isTrue();
  }

  @Test
  void storeIn_keepsWhatElseTheContextHas() {
    MeshContext mesh = MeshContext.empty().with("x-canary", "true");
    Context context = mesh.storeIn(Context.root());
    assertThat(MeshContext.from(context)).isSameAs(mesh);
    assertThat(MeshContext.from(Context.root()).isEmpty()).isTrue();
  }

  @Test
  void names_ignoreCaseAndKeepOrder() {
    MeshContext mesh =
        MeshContext.builder()
            .add("X-Tenant", "a")
            .add("X-Canary", "true")
            .add("x-tenant", "b")
            .build();
    assertThat(mesh.names()).containsExactly("x-tenant", "x-canary");
    assertThat(mesh.values("X-TENANT")).containsExactly("a", "b");
    assertThat(mesh.header("x-Tenant")).isEqualTo("a");
    List<String> all = new ArrayList<>();
    mesh.forEach((name, value) -> all.add(name + "=" + value));
    assertThat(all).containsExactly("x-tenant=a", "x-canary=true", "x-tenant=b");
  }

  @Test
  void with_replacesAllValuesAndLeavesTheOriginal() {
    MeshContext mesh = MeshContext.builder().add("x-tenant", "a").add("x-tenant", "b").build();
    assertThat(mesh.with("X-Tenant", "c").values("x-tenant")).containsExactly("c");
    assertThat(mesh.values("x-tenant")).containsExactly("a", "b");
    assertThat(mesh.toBuilder().remove("X-TENANT").build()).isSameAs(MeshContext.empty());
  }

  @Test
  void withRequestId_onlyWhereThereIsNone() {
    MeshContext made = MeshContext.empty().withRequestId();
    assertThat(made.requestId()).isNotBlank();
    assertThat(made.withRequestId()).isSameAs(made);
    MeshContext blank = MeshContext.empty().with("x-request-id", " ");
    assertThat(blank.requestId()).isNull();
    assertThat(blank.withRequestId().values("x-request-id")).hasSize(1).doesNotContain(" ");
  }

  @Test
  void equality_isByHeaders() {
    MeshContext one = MeshContext.empty().with("x-canary", "true");
    assertThat(one).isEqualTo(MeshContext.empty().with("X-Canary", "true"));
    assertThat(one).hasSameHashCodeAs(MeshContext.empty().with("X-Canary", "true"));
    assertThat(one).isNotEqualTo(MeshContext.empty().with("x-canary", "false"));
  }

  @Test
  void toString_showsNoValues() {
    assertThat(MeshContext.empty().with("authorization", "Bearer abc"))
        .hasToString("MeshContext[authorization]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x canary", "x-canary:", "x-canary\r\nhost", "é", "x\0"})
  void with_nameThatIsNoToken_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeshContext.empty().with(name, "v"))
        .withMessageContaining("expected: a header name")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\r", "\n", "\0"));
  }

  @ParameterizedTest
  @CsvSource({
    "lf, 'a\nb', character 0x0A at index 1",
    "cr, 'a\r', character 0x0D at index 1",
    "nul, 'a\0', character 0x00 at index 1",
    "del, 'a\u007f', character 0x7F at index 1",
    "latin1, 'caf\u00e9', character 0xE9 at index 3"
  })
  void with_valueThatNoHeaderMayHave_isRefusedWithoutShowingIt(
      String row, String value, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeshContext.empty().with("x-canary", value))
        .withMessageContaining("value of x-canary: " + problem)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(value));
  }

  @Test
  void with_valueOfTheLongest_isTaken() {
    assertThat(MeshContext.empty().with("x-a", "v".repeat(8192)).header("x-a")).hasSize(8192);
    assertThat(MeshContext.empty().with("x-a", "a\tb c").header("x-a")).isEqualTo("a\tb c");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeshContext.empty().with("x-a", "v".repeat(8193)))
        .withMessage("value of x-a: length 8193 (expected: <= 8192)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "connection", "TE", "transfer-encoding", "content-length"})
  void with_hopByHopName_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeshContext.empty().with(name, "v"))
        .withMessageContaining("header: " + name.toLowerCase(Locale.ROOT));
  }
}
