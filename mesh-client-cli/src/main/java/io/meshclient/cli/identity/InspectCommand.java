package io.meshclient.cli.identity;

import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.identity.BundleSet;
import io.meshclient.identity.InvalidBundleException;
import io.meshclient.identity.InvalidSpiffeIdException;
import io.meshclient.identity.KeyStoreSource;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.SdsSource;
import io.meshclient.identity.TrustBundle;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadApi;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code mesh identity inspect}: looks once. */
@Command(
    name = "inspect",
    description = "Shows SVIDs, until when they hold, trust bundles, and what is wrong with them.",
    footer = {"", "Exits with 1 where something is wrong."},
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final Duration SDS_WAIT = Duration.ofSeconds(10);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|HOST:PORT|SOCKET",
      description = {
        "A directory of key.pem, cert-chain.pem and root-cert.pem; a key store (.p12, .jks);",
        "a bundle (.json as JWK Set, else PEM); a server with TLS; or a Workload API: the path of",
        "its socket, unix:///PATH or tcp://ADDRESS:PORT."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets it
  String target;

  @Option(names = "--sds", description = "The socket is of Istio's agent: SDS, not Workload API.")
  boolean sds;

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      description = "Whose bundle the file is; needed for bundles.")
  @Nullable String trustDomain;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "What may vouch for the server's certificate; with --trust-domain.")
  @Nullable Path bundle;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The key store's password, without the line's end.")
  @Nullable Path passwordFile;

  InspectCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    LoggingOptions.quiet();
    Inspection inspection = new Inspection(spec.commandLine().getOut(), Clock.systemUTC());
    try {
      inspect(inspection);
    } catch (IOException | InvalidBundleException | InvalidSpiffeIdException e) {
      throw new CommandFailure("inspect " + target + ": " + e.getMessage(), e);
    }
    return inspection.hasProblems() ? 1 : 0;
  }

  private void inspect(Inspection inspection)
      throws IOException, InvalidBundleException, InterruptedException {
    if (target.startsWith("unix:") || target.startsWith("tcp:")) {
      api(inspection, target);
      return;
    }
    Path path = Path.of(target);
    if (!Files.exists(path)) {
      server(inspection);
      return;
    }
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      identity(inspection, PemDirectorySource.read(path));
    } else if (!attributes.isOther()) {
      file(inspection, path);
    } else if (sds) {
      try (SdsSource source = SdsSource.start(path)) {
        identity(inspection, source.await(SDS_WAIT));
      }
    } else {
      api(inspection, "unix://" + path.toAbsolutePath());
    }
  }

  private static void identity(Inspection inspection, WorkloadIdentity identity) {
    inspection.chain(identity.svid().chain(), identity.bundles(), "");
    inspection.bundles(identity.bundles());
  }

  private static void api(Inspection inspection, String endpoint) throws IOException {
    try (WorkloadApi api = WorkloadApi.at(endpoint)) {
      X509Context context = api.fetchX509Context();
      context.svids().forEach(s -> inspection.chain(s.svid().chain(), context.bundles(), s.hint()));
      inspection.bundles(context.bundles());
      inspection.bundles(api.fetchJwtBundles());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void file(Inspection inspection, Path file) throws IOException, InvalidBundleException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".p12") || name.endsWith(".pfx") || name.endsWith(".jks")) {
      char[] password =
          passwordFile == null ? new char[0] : Files.readString(passwordFile).strip().toCharArray();
      identity(inspection, KeyStoreSource.of(file, password).read());
    } else {
      inspection.bundles(bundleOf(file));
    }
  }

  private void server(Inspection inspection) throws IOException, InvalidBundleException {
    HostPort server;
    try {
      server = new HostPort.Converter().convert(target);
    } catch (TypeConversionException e) {
      throw new IOException("no such file, and no HOST:PORT", e);
    }
    BundleSet trusted = bundle == null ? BundleSet.of() : bundleOf(bundle);
    inspection.chain(TlsProbe.chain(server), trusted, "");
    inspection.bundles(trusted);
  }

  private BundleSet bundleOf(Path file) throws IOException, InvalidBundleException {
    if (trustDomain == null) {
      throw new IOException(file + ": --trust-domain is missing (expected: whose bundle it is)");
    }
    TrustDomain owner = TrustDomain.parse(trustDomain);
    String text = Files.readString(file);
    return BundleSet.of(
        file.toString().endsWith(".json")
            ? TrustBundle.ofJwks(owner, text)
            : TrustBundle.ofPem(owner, text));
  }
}
