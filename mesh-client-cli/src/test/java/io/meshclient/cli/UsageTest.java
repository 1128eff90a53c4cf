package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UsageTest {
  private static final String EXPLAIN = "explain --config " + Cli.CONFIG + " ";
  private static final String EXPORT = "export envoy --config " + Cli.CONFIG + " ";
  private static final String OUTBOUND = "proxy outbound --config " + Cli.CONFIG + " ";

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("explain http://a/", "'--config=PATH'"),
        arguments("explain --config http://a/", "expected: PATH..."),
        arguments(EXPLAIN, "'URL'"),
        arguments(EXPLAIN + "ftp://a/", "expected: http://host:port/path"),
        arguments(EXPLAIN + "http://a/ --random 100", "'--random': \"100\" (expected: 0 to less"),
        arguments(EXPLAIN + "http://a/ --random=-1", "'--random': \"-1\" (expected: 0 to less"),
        arguments(EXPLAIN + "http://a/ --random x", "\"x\" (expected: 0 to less than 100)"),
        arguments(EXPLAIN + "http://a/ -o yaml", "'--output': \"yaml\" (expected: text or json)"),
        arguments(EXPLAIN + "http://a/ -H nocolon", "-H: \"nocolon\" (expected: 'name: value')"),
        arguments(
            EXPLAIN + "http://a/ --labels web", "'--labels' (k=v): \"web\" (expected: k=v,k=v)"),
        arguments(
            EXPLAIN + "http://a/ --endpoint a",
            "expected: service[/version]=host:port[+label=value]"),
        arguments(EXPLAIN + "http://a/ --nonsense", "--nonsense"),
        arguments("identity check-id ids.txt", "ids.txt"),
        arguments(EXPORT + "--auto-mtls some", "\"some\" (expected: labels, all or none)"),
        arguments(EXPORT + "--certs no/such/dir", "\"no/such/dir\" (expected: a directory)"),
        arguments(EXPORT + "--listen-plain 0=a:80", "\"0=a:80\" (expected: [PORT=]HOST:PORT"),
        arguments(EXPORT + "--locality a//b", "locality: \"a//b\" (expected: region"),
        arguments(OUTBOUND, "'--listen=HOST:PORT'"),
        arguments(OUTBOUND + "--listen 8080", "\"8080\" (expected: HOST:PORT"),
        arguments(OUTBOUND + "--listen a:99999", "\"a:99999\" (expected: HOST:PORT"),
        arguments(
            OUTBOUND + "--listen a:0 --mode mesh",
            "\"mesh\" (expected: none, istio, ambient, waypoint, linkerd, consul)"),
        arguments(EXPLAIN + "http://a/ --mode Istio", "'--mode': \"Istio\" (expected: none, "),
        arguments(EXPLAIN + "http://a/ --app-attempts 0", "--app-attempts: 0 (expected: 1 or"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void wrong_usage_is_told_and_exits_2(String arguments, String told) {
    Cli ran = Cli.run(arguments.split(" "));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).startsWith("mesh: ").contains(told).contains("--help'.");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void path_that_does_not_exist_exits_1() {
    Cli ran = Cli.run("explain", "--config", Cli.CONFIG, "no/such/path", "http://a/");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualToIgnoringNewLines(
            "mesh: --config: \"no/such/path\" (expected: a file or directory that can be read)");
  }

  @Test
  void address_that_is_not_ours_exits_1() {
    Cli ran = Cli.run((OUTBOUND + "--listen 192.0.2.1:80").split(" "));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("mesh: --listen 192.0.2.1:80: ");
  }

  @Test
  void several_paths_and_repeated_options_are_all_read() {
    Cli ran =
        Cli.run(
            "explain",
            "--config",
            Cli.CONFIG,
            Cli.CONFIG,
            "--config=" + Cli.CONFIG,
            "--namespace=production",
            "http://order-service:8080/",
            "-H",
            "x-canary: true");

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("yes").contains("http[0].match[0]").contains("replaces");
  }

  @ParameterizedTest(name = "mesh {0}")
  @MethodSource("helps")
  void help_is_shown_on_standard_output(String arguments, String shown) {
    Cli ran = arguments.isEmpty() ? Cli.run() : Cli.run(arguments.split(" "));

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains(shown);
  }

  static Stream<Arguments> helps() {
    return Stream.of(
        arguments("", "Usage: mesh [-hV] [COMMAND]"),
        arguments("--help", "explain"),
        arguments("--version", "mesh "),
        arguments("proxy", "outbound"),
        arguments("export", "envoy"),
        arguments("export envoy --help", "--inbound-listen=[HOST:]PORT"),
        arguments("identity", "check-id"),
        arguments("identity check-id --help", "--escaped"),
        arguments("proxy outbound --help", "--listen HOST:PORT"),
        arguments("explain --help", "--random"));
  }
}
