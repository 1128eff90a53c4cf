package io.meshclient.cli.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.IdentityException;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class IssueAndInspectTest {
  private static final String ID = "spiffe://td/ns/a/sa/web";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void issued_svid_is_inspected_without_problems() throws IdentityException {
    Path web = directory.resolve("web");

    assertThat(run("issue", "--id", ID, "--out", web.toString(), "--ttl", "15m")).isZero();
    assertThat(run("inspect", web.toString())).isZero();

    assertThat(out.toString())
        .contains("SVID  " + ID)
        .contains("vouched for by the bundle of td")
        .contains("14 min left")
        .contains("no problems");
    assertThat(PemDirectorySource.read(web).svid().id()).hasToString(ID);
  }

  @Test
  void svids_of_one_authority_trust_each_other() throws Exception {
    String ca = directory.resolve("ca").toString();
    run("issue", "--id", ID, "--out", directory.resolve("web").toString(), "--ca", ca);
    run(
        "issue",
        "--id",
        "spiffe://td/order",
        "--out",
        directory.resolve("o").toString(),
        "--ca",
        ca);

    WorkloadIdentity web = PemDirectorySource.read(directory.resolve("web"));
    WorkloadIdentity order = PemDirectorySource.read(directory.resolve("o"));
    assertThat(X509Svid.verify(order.svid().chain(), web.bundles(), Clock.systemUTC()))
        .hasToString("spiffe://td/order");
  }

  @Test
  void private_keys_are_for_their_owner_alone() throws IOException {
    Path web = directory.resolve("web");
    Path ca = directory.resolve("ca");
    run("issue", "--id", ID, "--out", web.toString(), "--ca", ca.toString());

    for (Path key : new Path[] {web.resolve("key.pem"), ca.resolve("ca-key.pem")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void authority_of_another_trust_domain_is_refused() {
    String ca = directory.resolve("ca").toString();
    run("issue", "--id", ID, "--out", directory.resolve("web").toString(), "--ca", ca);

    assertThat(
            run(
                "issue",
                "--id",
                "spiffe://other/x",
                "--out",
                directory.resolve("x").toString(),
                "--ca",
                ca))
        .isNotZero();
  }

  @Test
  void certificate_of_another_authority_is_a_problem() throws IOException {
    Path web = directory.resolve("web");
    Path other = directory.resolve("other");
    run("issue", "--id", ID, "--out", web.toString());
    run("issue", "--id", ID, "--out", other.toString());
    Files.copy(
        other.resolve("root-cert.pem"),
        web.resolve("root-cert.pem"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(run("inspect", web.toString())).isEqualTo(1);

    assertThat(out.toString()).contains("refused, UNTRUSTED").contains("problems\n");
  }

  @Test
  void bundle_needs_its_trust_domain() {
    Path web = directory.resolve("web");
    run("issue", "--id", ID, "--out", web.toString());
    String roots = web.resolve("root-cert.pem").toString();

    assertThat(run("inspect", roots)).isNotZero();
    assertThat(run("inspect", roots, "--trust-domain", "td")).isZero();
    assertThat(out.toString()).contains("bundle  td");
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"spiffe://td", "td/web", "spiffe://TD/web", ""})
  void id_that_is_no_workloads_is_wrong_usage(String id) {
    assertThat(run("issue", "--id", id, "--out", directory.toString())).isEqualTo(2);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"1", "h", "0s", "-1h", "366d", "1w", "", "99999999999999999999d"})
  void life_that_is_none_is_wrong_usage(String life) {
    assertThat(run("issue", "--id", ID, "--out", directory.toString(), "--ttl", life)).isEqualTo(2);
  }

  private int run(String... arguments) {
    return new CommandLine(new IdentityCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
