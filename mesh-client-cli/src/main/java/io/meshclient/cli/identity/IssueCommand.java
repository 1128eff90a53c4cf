package io.meshclient.cli.identity;

import io.meshclient.cli.options.CommandFailure;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mesh identity issue}: an SVID for development, in files. */
@Command(
    name = "issue",
    description = {
      "Mints an X.509-SVID for development, and writes key.pem, cert-chain.pem and",
      "root-cert.pem, as Istio's agent does where OUTPUT_CERTS says so."
    },
    footer = {"", "Several SVIDs trust each other if they are issued with the same --ca."},
    mixinStandardHelpOptions = true)
final class IssueCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      converter = SpiffeIdConverter.class,
      description = "Whose SVID: spiffe://TRUST-DOMAIN/PATH.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  SpiffeId id;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where to write; made if it is not there.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  Path out;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = LifeConverter.class,
      description = "How long it is valid: 90s, 15m, 1h (the default), 7d.")
  Duration ttl = Duration.ofHours(1);

  @Option(
      names = "--ca",
      paramLabel = "DIR",
      description = {
        "Where the authority is kept: ca-key.pem and ca-cert.pem, made if they are not there.",
        "Without it an authority is made for this SVID alone."
      })
  @Nullable Path ca;

  IssueCommand() {}

  @Override
  public Integer call() {
    try {
      LocalAuthority.Builder settings = LocalAuthority.of(id.trustDomain()).ttl(ttl);
      if (ca != null) {
        settings.directory(ca);
      }
      LocalAuthority authority = settings.build();
      X509Svid svid = authority.issue(id);
      PemDirectorySource.write(out, new WorkloadIdentity(svid, authority.bundles()));
      var printed = spec.commandLine().getOut();
      printed.println(id + ", valid until " + svid.expiresAt() + ", in " + out);
      printed.flush();
    } catch (IOException e) {
      throw new CommandFailure("issue: " + e.getMessage(), e);
    }
    return 0;
  }
}
