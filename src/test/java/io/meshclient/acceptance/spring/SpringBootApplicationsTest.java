package io.meshclient.acceptance.spring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * New applications on each of Boot's lines, with only the starter and a folder {@code mesh/}: what
 * came in goes out through each kind of client, and is routed by the YAML.
 */
class SpringBootApplicationsTest {
  private static final List<String> LINES = List.of("3.5.16", "4.0.9", "4.1.2");
  private static final String CALLER = "spiffe://cluster.local/ns/shop/sa/front";
  private static final List<String> SERVLET_CALLS =
      List.of(
          "/restclient",
          "/resttemplate",
          "/webclient",
          "/blocked",
          "/interface",
          "/callable",
          "/async",
          "/future");
  private static final List<String> WEBFLUX_CALLS =
      List.of("/webclient", "/elsewhere", "/restclient", "/interface");

  /** How an application runs. */
  enum Kind {
    PLAIN,
    VIRTUAL_THREADS,
    /** By the code that Spring has generated, with the beans that were settled then. */
    AHEAD_OF_TIME
  }

  record Case(BootProject project, Kind kind) {

    boolean virtual() {
      return kind == Kind.VIRTUAL_THREADS;
    }

    @Override
    public String toString() {
      return project.name() + " " + kind;
    }
  }

  private static List<BootProject> projects() {
    return LINES.stream()
        .flatMap(
            line -> Stream.of(new BootProject(line, "servlet"), new BootProject(line, "webflux")))
        .toList();
  }

  static Stream<Case> cases() {
    return projects().stream()
        .flatMap(project -> kinds(project).map(kind -> new Case(project, kind)));
  }

  private static Stream<Kind> kinds(BootProject project) {
    return Stream.of(Kind.values())
        .filter(
            kind ->
                switch (kind) {
                  case PLAIN -> true;
                  case VIRTUAL_THREADS -> project.stack().equals("servlet");
                  case AHEAD_OF_TIME -> project.isProcessedAhead();
                });
  }

  @BeforeAll
  static void build() throws Exception {
    BootProjects.build(projects());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void application_carries_routes_explains_and_refuses(Case one) throws Exception {
    Path java = one.virtual() ? jdk25() : Path.of(System.getProperty("java.home"));
    assumeTrue(java != null, "no JDK 25 here");
    try (Instance v1 = Instance.start("v1");
        Instance v2 = Instance.start("v2");
        SpanReceiver spans = SpanReceiver.start();
        BootApp app =
            BootApp.start(
                one.project(), java, variables(one, spans), arguments(v1, v2, one.virtual()))) {
      SoftAssertions softly = new SoftAssertions();
      carriesAndRoutes(one, app, softly);
      softly
          .assertThat(app.output().contains("Starting AOT-processed"))
          .isEqualTo(one.kind() == Kind.AHEAD_OF_TIME);
      explains(app, softly);
      refuses(app, softly);
      knowsNobody(one, app, softly);
      knowsCaller(app, softly);
      if (one.project().stack().equals("servlet")) {
        sendsSpans(app, spans, softly);
      }
      if (!softly.wasSuccess()) {
        System.err.println(app.output());
      }
      softly.assertAll();
    }
  }

  private static Map<String, String> variables(Case one, SpanReceiver spans) {
    Map<String, String> variables = new HashMap<>(spans.variables());
    if (one.kind() == Kind.AHEAD_OF_TIME) {
      variables.put("JAVA_TOOL_OPTIONS", "-Dspring.aot.enabled=true");
    }
    return variables;
  }

  private static List<String> arguments(Instance v1, Instance v2, boolean virtual) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--mesh.client.endpoints.[orders/v1]=" + v1.address());
    arguments.add("--mesh.client.endpoints.[orders/v2]=" + v2.address());
    arguments.add("--spring.threads.virtual.enabled=" + virtual);
    return arguments;
  }

  private static void carriesAndRoutes(Case one, BootApp app, SoftAssertions softly)
      throws Exception {
    boolean servlet = one.project().stack().equals("servlet");
    for (String path : servlet ? SERVLET_CALLS : WEBFLUX_CALLS) {
      softly
          .assertThat(app.get(path, "x-canary", "true", "x-request-id", "id-1").body())
          .as("%s with a canary header", path)
          .isEqualTo("v2 true id-1");
      softly
          .assertThat(app.get(path, "x-request-id", "id-2").body())
          .as("%s without one", path)
          .isEqualTo("v1 null id-2");
    }
  }

  private static void explains(BootApp app, SoftAssertions softly) throws Exception {
    app.get("/webclient", "x-canary", "true");
    JsonObject report = JsonParser.parseString(app.get("/actuator/mesh").body()).getAsJsonObject();
    JsonObject last = report.getAsJsonArray("decisions").get(0).getAsJsonObject();
    softly
        .assertThat(last.get("explanation").getAsString())
        .contains("rules.yaml:", "http[0]", "x-canary exact \"true\"", "v2");
    softly.assertThat(report.get("mode").getAsString()).isEqualTo("none");
    softly.assertThat(report.getAsJsonArray("problems")).isEmpty();
    softly.assertThat(app.get("/actuator/health").statusCode()).isEqualTo(200);
    softly.assertThat(app.get("/actuator/info").body()).contains("\"mesh\"");
  }

  private static void refuses(BootApp app, SoftAssertions softly) throws Exception {
    HttpResponse<String> denied = app.get("/denied");
    softly.assertThat(denied.statusCode()).isEqualTo(403);
    softly.assertThat(denied.body()).isEqualTo("RBAC: access denied");
    softly.assertThat(app.get("/limited").statusCode()).isEqualTo(200);
    softly.assertThat(app.get("/limited").statusCode()).isEqualTo(429);
  }

  private static void knowsNobody(Case one, BootApp app, SoftAssertions softly) throws Exception {
    String caller = app.get("/caller").body();
    softly.assertThat(caller).startsWith("false null");
    if (one.virtual()) {
      softly.assertThat(caller).contains("VirtualThread");
    }
  }

  /** In the words of the sidecar in front. */
  private static void knowsCaller(BootApp app, SoftAssertions softly) throws Exception {
    String[] xfcc = {
      "x-forwarded-client-cert",
      "By=spiffe://cluster.local/ns/shop/sa/web;Hash="
          + "0123456789abcdef".repeat(4)
          + ";URI="
          + CALLER
    };
    softly.assertThat(app.get("/caller", xfcc).body()).contains(CALLER);
    softly.assertThat(app.get("/secured").statusCode()).isIn(401, 403);
    softly
        .assertThat(app.get("/secured", xfcc).body())
        .isEqualTo("PreAuthenticatedAuthenticationToken " + CALLER);
  }

  /** By the SDK that this line of Boot manages. */
  private static void sendsSpans(BootApp app, SpanReceiver spans, SoftAssertions softly)
      throws Exception {
    app.get("/restclient?spans=1", "x-canary", "true");
    softly
        .assertThat(spans.upTo("spans=1"))
        .contains("service.name", "io.meshclient", "mesh.rule", "rules.yaml:");
  }

  private static @Nullable Path jdk25() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (System.getProperty("java.version").startsWith("25")) {
      return Path.of(System.getProperty("java.home"));
    }
    if (!Files.isDirectory(all)) {
      return null;
    }
    try (Stream<Path> homes = Files.list(all)) {
      for (Path home : homes.toList()) {
        Path release = home.resolve("release");
        if (Files.isReadable(release) && Files.readString(release).contains("JAVA_VERSION=\"25")) {
          return home;
        }
      }
    }
    return null;
  }
}
