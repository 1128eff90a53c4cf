package io.meshclient.cli.identity;

import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who issues, for commands that have a local authority. */
final class AuthorityOptions {
  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = LifeConverter.class,
      description = "How long SVIDs are valid: 90s, 15m, 1h (the default), 7d.")
  Duration ttl = Duration.ofHours(1);

  @Option(
      names = "--ca",
      paramLabel = "DIR",
      description = {
        "Where the authority is kept: ca-key.pem and ca-cert.pem, made if they are not there.",
        "Without it an authority is made for this run alone."
      })
  @Nullable Path ca;

  AuthorityOptions() {}

  LocalAuthority authority(TrustDomain trustDomain) throws IOException {
    LocalAuthority.Builder settings = LocalAuthority.of(trustDomain).ttl(ttl);
    if (ca != null) {
      settings.directory(ca);
    }
    return settings.build();
  }
}
