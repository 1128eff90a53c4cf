package io.meshclient.cli.identity;

import io.meshclient.cli.options.CommandFailure;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin AuthorityOptions issuer = new AuthorityOptions();

  IssueCommand() {}

  @Override
  public Integer call() {
    try {
      LocalAuthority authority = issuer.authority(id.trustDomain());
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
