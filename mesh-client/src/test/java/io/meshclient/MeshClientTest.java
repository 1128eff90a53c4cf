package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.TestServer.Answer;
import io.meshclient.context.MeshContext;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Problem;
import io.meshclient.resilience.RetryBudget;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeshClientTest {
  private static final String SPLIT =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - match: [{headers: {x-canary: {exact: 'true'}}}]
          route: [{destination: {host: orders, subset: v2}}]
        - match: [{uri: {exact: /moved}}]
          redirect: {uri: /after, authority: 'orders:8080'}
        - match: [{uri: {prefix: /rewritten}}]
          rewrite: {uri: /r, authority: other.example.com}
          route: [{destination: {host: orders, subset: v2}}]
        - match: [{uri: {prefix: /retried}}]
          retries: {attempts: 2, retryOn: 5xx}
          route: [{destination: {host: orders}}]
        - match: [{uri: {prefix: /slow}}]
          timeout: 200ms
          route: [{destination: {host: orders}}]
        - route: [{destination: {host: orders, subset: v1}}]
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
        subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
      """;

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final TestServer v1 = server("v1");
  private final TestServer v2 = server("v2");
  @TempDir Path directory;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  @Test
  void call_followsTheRules_andItsResponseHasTheApplicationsRequest() throws IOException {
    MeshClient mesh = mesh();
    Request request = request("/x").header("x-canary", "true").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      assertThat(response.body().string()).isEqualTo("v2 /x");
      assertThat(response.request()).isSameAs(request);
    }
    assertThat(body(mesh, request("/x").build())).isEqualTo("v1 /x");
    assertThat(v1.seen.get(0).host()).isEqualTo("orders:8080");
    assertThat(decisions)
        .extracting(Decision::subset, d -> String.valueOf(d.rule()))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("v2", "orders.yaml:7 http[0]"),
            org.assertj.core.groups.Tuple.tuple("v1", "orders.yaml:20 http[5]"));
  }

  @Test
  void decision_isThereForEachCall() throws IOException {
    MeshClient mesh = mesh();
    Call call = mesh.okHttpClient().newCall(request("/x").build());
    assertThat(mesh.decision(call)).isNull();
    call.execute().close();
    assertThat(mesh.decision(call)).isEqualTo(decisions.get(0));
    assertThat(decisions.get(0).toString())
        .startsWith("GET orders:8080/x -> orders.production.svc.cluster.local v1 [");
  }

  @Test
  void enqueue_carriesTheContextOfTheThreadThatMadeTheCall() throws Exception {
    MeshClient mesh = mesh();
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (Scope scope =
        MeshContext.empty().with("x-canary", "true").with("x-user-id", "7").makeCurrent()) {
      mesh.okHttpClient().newCall(request("/x").build()).enqueue(completing(answer));
    }
    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("v2 /x");
    assertThat(v2.seen.get(0).headers().getFirst("x-user-id")).isEqualTo("7");
    assertThat(v2.seen.get(0).headers().getFirst("x-request-id")).isNotBlank();
  }

  @Test
  void redirect_isFollowedByTheRulesOfWhereItLeads() throws IOException {
    MeshClient mesh = mesh();
    Request request = request("/moved").header("Authorization", "secret").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      assertThat(response.body().string()).isEqualTo("v1 /after");
      assertThat(response.priorResponse()).isNotNull();
      assertThat(response.priorResponse().code()).isEqualTo(301);
    }
    assertThat(v1.seen.get(0).headers().getFirst("Authorization")).isEqualTo("secret");
    assertThat(decisions).extracting(Decision::status).containsExactly(301, 200);
  }

  @Test
  void redirect_isLeftToTheApplication_whereItSaysSo() throws IOException {
    MeshClient mesh = mesh();
    OkHttpClient http = mesh.instrument(new OkHttpClient.Builder().followRedirects(false)).build();
    try (Response response = http.newCall(request("/moved").build()).execute()) {
      assertThat(response.code()).isEqualTo(301);
      assertThat(response.header("location")).isEqualTo("http://orders:8080/after");
    }
  }

  @Test
  void rewrite_changesPathAndHost() throws IOException {
    assertThat(body(mesh(), request("/rewritten/a%2Fb?q=%20").build()))
        .isEqualTo("v2 /r/a%2Fb?q=%20");
    assertThat(v2.seen.get(0).host()).isEqualTo("other.example.com");
  }

  @Test
  void retry_goesToAnotherEndpoint_withTheSameBodyAndRequestId() throws IOException {
    TestServer failing = add(new TestServer(seen -> new Answer(503, "no")));
    MeshClient mesh =
        add(
            builder()
                .endpoint("orders", "v1", failing.hostPort())
                .endpoint("orders", "v1", v1.hostPort())
                .build());
    for (int i = 0; i < 4; i++) {
      Request request = request("/retried").post(RequestBody.create("payload", null)).build();
      assertThat(body(mesh, request)).isEqualTo("v1 /retried");
    }
    assertThat(failing.seen).isNotEmpty();
    TestServer.Seen failed = failing.seen.get(0);
    assertThat(failed.body()).isEqualTo("payload");
    assertThat(v1.seen)
        .anySatisfy(
            seen -> {
              assertThat(seen.body()).isEqualTo("payload");
              assertThat(seen.headers().getFirst("x-request-id"))
                  .isEqualTo(failed.headers().getFirst("x-request-id"));
            });
  }

  @Test
  void retryBudget_boundsTheRetriesOfRulesToo_whereItIsSet() throws IOException {
    TestServer failing = add(new TestServer(seen -> new Answer(503, "no")));
    MeshClient mesh =
        add(
            builder()
                .endpoint("orders", failing.hostPort())
                .retryBudget(new RetryBudget.Settings(0, 0, 3))
                .build());
    for (int i = 0; i < 3; i++) {
      assertThat(body(mesh, request("/retried").build())).isEqualTo("no");
    }
    assertThat(decisions).extracting(d -> d.attempts().size()).containsExactly(3, 2, 1);
    assertThat(decisions).extracting(Decision::flags).containsExactly("URX", "UO", "UO");
  }

  @Test
  void retryBudget_boundsIstiosDefaultRetries() throws IOException {
    RefusingPort port = add(new RefusingPort());
    MeshClient mesh =
        add(
            MeshClient.builder()
                .environment(Map.of())
                .endpoint("stock", port.hostPort())
                .onDecision(decisions::add)
                .build());
    Request request = new Request.Builder().url("http://stock:8080/").build();
    int calls = 150;
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      mesh.okHttpClient().newCall(request).execute().close();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int retries = decisions.stream().mapToInt(d -> d.attempts().size()).sum() - calls;
    // Each asks for two: 100 are saved up, a fifth of the calls is earned, 10 a second with time.
    assertThat(retries)
        .isGreaterThanOrEqualTo(100)
        .isLessThanOrEqualTo((int) (100 + 0.2 * calls + 10 * seconds) + 1);
    assertThat(decisions.get(0).flags()).isEqualTo("URX,UF");
  }

  @Test
  void timeout_answers504() throws IOException {
    TestServer slow =
        add(
            new TestServer(
                seen -> {
                  pause(Duration.ofSeconds(50));
                  return Answer.ok("late");
                }));
    MeshClient mesh = add(builder().endpoint("orders", slow.hostPort()).build());
    try (Response response = mesh.okHttpClient().newCall(request("/slow").build()).execute()) {
      assertThat(response.code()).isEqualTo(504);
      assertThat(response.body().string()).isEqualTo("upstream request timeout");
    }
    assertThat(decisions.get(0).flags()).isEqualTo("UT");
    assertThat(decisions.get(0).took()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void cookies_areThoseOfTheNameThatTheApplicationUsed() throws IOException {
    List<HttpUrl> asked = new CopyOnWriteArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            asked.add(url);
            return List.of();
          }
        };
    OkHttpClient http = mesh().instrument(new OkHttpClient.Builder().cookieJar(jar)).build();
    http.newCall(request("/rewritten/x").build()).execute().close();
    assertThat(asked).containsExactly(HttpUrl.get("http://orders:8080/rewritten/x"));
  }

  @Test
  void interceptorsBefore_seeACallOnce_thoseAfterEachTry() throws IOException {
    List<String> outer = new CopyOnWriteArrayList<>();
    List<String> inner = new CopyOnWriteArrayList<>();
    TestServer failing = add(new TestServer(seen -> new Answer(503, "no")));
    MeshClient mesh = add(builder().endpoint("orders", failing.hostPort()).build());
    OkHttpClient http =
        mesh.instrument(
                new OkHttpClient.Builder()
                    .addInterceptor(
                        chain -> {
                          outer.add(chain.request().url().host());
                          return chain.proceed(chain.request());
                        }))
            .addInterceptor(
                chain -> {
                  inner.add(chain.request().url().host());
                  return chain.proceed(chain.request());
                })
            .build();
    http.newCall(request("/retried").build()).execute().close();
    assertThat(outer).containsExactly("orders");
    assertThat(inner).hasSize(3);
  }

  @Test
  void withoutConfiguration_itIsAPlainClientThatCarriesHeadersOn() throws IOException {
    MeshClient mesh = add(MeshClient.builder().environment(Map.of()).build());
    Request direct = new Request.Builder().url("http://" + v1.hostPort() + "/x").build();
    try (Scope scope = MeshContext.empty().with("x-user-id", "7").makeCurrent()) {
      assertThat(body(mesh, direct)).isEqualTo("v1 /x");
    }
    assertThat(v1.seen.get(0).headers().getFirst("x-user-id")).isEqualTo("7");
    RefusingPort port = add(new RefusingPort());
    Request dead = new Request.Builder().url("http://" + port.hostPort() + "/x").build();
    assertThatThrownBy(() -> mesh.okHttpClient().newCall(dead).execute())
        .isInstanceOf(IOException.class);
  }

  @Test
  void environment_saysWhatTheBuilderDoesNot() throws Exception {
    Path file = Files.writeString(directory.resolve("orders.yaml"), SPLIT);
    MeshClient mesh =
        add(
            MeshClient.builder()
                .environment(
                    Map.of(
                        "MESH_CLIENT_CONFIG", file.toString(),
                        "MESH_CLIENT_SERVICE", "web",
                        "POD_NAMESPACE", "production",
                        "MESH_CLIENT_LABELS", "version=v3",
                        "MESH_CLIENT_ENDPOINTS",
                            "orders/v1=" + v1.hostPort() + ",orders/v2=" + v2.hostPort()))
                .build());
    assertThat(body(mesh, request("/x").build())).isEqualTo("v1 /x");
    assertThat(mesh.policy().workload().namespace()).isEqualTo("production");
    assertThat(mesh.policy().workload().labels()).isEqualTo(Map.of("app", "web", "version", "v3"));
  }

  @Test
  void environment_thatIsWrong_saysWhatWasExpected() {
    assertThatThrownBy(
            () ->
                MeshClient.builder()
                    .environment(Map.of("MESH_CLIENT_ENDPOINTS", "orders:8080"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MESH_CLIENT_ENDPOINTS")
        .hasMessageContaining("expected: service[/version]=host:port");
    assertThatThrownBy(
            () ->
                MeshClient.builder()
                    .environment(Map.of("MESH_CLIENT_LOCALITY", "r1/z1/s1/rack"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "MESH_CLIENT_LOCALITY: locality: \"r1/z1/s1/rack\""
                + " (expected: region, region/zone or region/zone/subzone)");
    assertThatThrownBy(
            () ->
                MeshClient.builder()
                    .environment(Map.of("MESH_CLIENT_ACCESS_LOG", "/dev/stdout"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MESH_CLIENT_ACCESS_LOG: \"/dev/stdout\" (expected: on, off)");
  }

  @Test
  void reload_takesEffect_andABrokenEditDoesNot() throws Exception {
    Path file = Files.writeString(directory.resolve("orders.yaml"), SPLIT);
    MeshClient mesh = add(settings().config(directory).build());
    assertThat(body(mesh, request("/x").build())).isEqualTo("v1 /x");
    Files.writeString(
        file, SPLIT.replace("host: orders, subset: v1}", "host: orders, subset: v2}"));
    await(() -> body(mesh, request("/x").build()).equals("v2 /x"));
    Files.writeString(file, SPLIT.replace("rewrite:", "\trewrite:"));
    await(() -> !mesh.problems().isEmpty());
    assertThat(body(mesh, request("/x").build())).isEqualTo("v2 /x");
    Files.writeString(file, SPLIT.replace("exact: 'true'", "regex: '('"));
    await(() -> mesh.problems().toString().contains("MESH0201"));
    assertThat(body(mesh, request("/x").build())).isEqualTo("v2 /x");
    Files.writeString(file, SPLIT);
    await(() -> body(mesh, request("/x").build()).equals("v1 /x"));
    assertThat(mesh.problems()).isEmpty();
  }

  @Test
  void reload_isNotHeldUpByAnErrorThatWasThereBefore() throws Exception {
    Files.writeString(
        directory.resolve("bad.yaml"),
        SPLIT.replace("orders", "others").replace("exact: 'true'", "regex: '('"));
    Path file = Files.writeString(directory.resolve("orders.yaml"), SPLIT);
    MeshClient mesh = add(settings().config(directory).build());
    assertThat(mesh.problems()).extracting(Problem::code).contains("MESH0201");
    assertThat(body(mesh, request("/x").build())).isEqualTo("v1 /x");
    Files.writeString(
        file, SPLIT.replace("host: orders, subset: v1}", "host: orders, subset: v2}"));
    await(() -> body(mesh, request("/x").build()).equals("v2 /x"));
  }

  @Test
  void close_endsCallsWithWords() {
    MeshClient mesh = mesh();
    OkHttpClient http = mesh.instrument(new OkHttpClient.Builder()).build();
    mesh.close();
    assertThatThrownBy(() -> http.newCall(request("/x").build()).execute())
        .isInstanceOf(MeshClosedException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void explain_usesTheSamePolicy() {
    MeshClient mesh = mesh();
    Request canary = request("/x").header("x-canary", "true").build();
    assertThat(mesh.explain(canary, 0).steps()).hasSize(1);
    assertThatThrownBy(() -> mesh.explain(canary, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: 0 to less than 100");
  }

  private MeshClient mesh() {
    return add(
        builder()
            .endpoint("orders", "v1", v1.hostPort())
            .endpoint("orders", "v2", v2.hostPort())
            .build());
  }

  private MeshClientBuilder builder() {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .namespace("production")
        .config(ConfigSource.yaml("orders.yaml", SPLIT))
        .onDecision(decisions::add);
  }

  private MeshClientBuilder settings() {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .namespace("production")
        .endpoint("orders", "v1", v1.hostPort())
        .endpoint("orders", "v2", v2.hostPort());
  }

  private static Request.Builder request(String path) {
    return new Request.Builder().url("http://orders:8080" + path);
  }

  private static String body(MeshClient mesh, Request request) throws IOException {
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      return response.body().string();
    }
  }

  private static Callback completing(CompletableFuture<String> answer) {
    return new Callback() {
      @Override
      public void onFailure(Call call, IOException e) {
        answer.completeExceptionally(e);
      }

      @Override
      public void onResponse(Call call, Response response) throws IOException {
        try (response) {
          answer.complete(response.body().string());
        }
      }
    };
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      pause(Duration.ofMillis(20));
    }
  }

  private static void pause(Duration time) {
    java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
  }

  private TestServer server(String name) {
    return add(new TestServer(seen -> Answer.ok(name + " " + seen.uri())));
  }

  private <T extends AutoCloseable> T add(T closeable) {
    toClose.add(closeable);
    return closeable;
  }
}
