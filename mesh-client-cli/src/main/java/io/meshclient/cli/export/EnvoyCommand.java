package io.meshclient.cli.export;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessSettings;
import io.meshclient.access.PeerMode;
import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.cli.options.WorkloadOptions;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.policy.Locality;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.PolicyCompiler;
import io.meshclient.policy.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code mesh export envoy}: writes the bootstrap and ends. */
@Command(
    name = "envoy",
    description = {
      "Writes the policy as a static bootstrap of a stock Envoy: the sidecar that Istio would",
      "have configured, without Istio."
    },
    customSynopsis = {
      "mesh export envoy --config PATH... [--mesh-config FILE] [--namespace NS]",
      "    [--labels k=v,k=v] [--endpoint service[/version]=host:port]...",
      "    [--inbound PORT] [--certs DIR] [OPTION]..."
    },
    mixinStandardHelpOptions = true)
final class EnvoyCommand implements Callable<Integer> {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Mixin WorkloadOptions workload = new WorkloadOptions();

  @Mixin LoggingOptions logging = new LoggingOptions();

  @Option(
      names = "--inbound",
      paramLabel = "PORT",
      split = ",",
      description = "The application's ports: writes the inbound side as well.")
  List<Integer> inbound = new ArrayList<>();

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = {
        "Where cert-chain.pem, key.pem and root-cert.pem are, as 'mesh identity issue' writes",
        "them; without it there is no mutual TLS."
      })
  @Nullable Path certs;

  @Option(
      names = "--auto-mtls",
      paramLabel = "labels|all|none",
      defaultValue = "labels",
      converter = AutoMtlsConverter.class,
      description = {
        "Which endpoints get mutual TLS where no rule says so: those whose pod has the label",
        "security.istio.io/tlsMode: istio (labels, the default), all of the mesh, or none."
      })
  SidecarOptions.AutoMtls autoMtls = SidecarOptions.AutoMtls.LABELS;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The workload's name (default: its label app, else mesh).")
  @Nullable String name;

  @Option(
      names = "--address",
      paramLabel = "IP",
      defaultValue = "127.0.0.1",
      description = "The workload's address, for Envoy's node (default: ${DEFAULT-VALUE}).")
  String address = "127.0.0.1";

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "What the workload runs as, for Envoy's node (default: ${DEFAULT-VALUE}).")
  String serviceAccount = "default";

  @Option(
      names = "--locality",
      paramLabel = "REGION[/ZONE[/SUBZONE]]",
      converter = LocalityConverter.class,
      description = "Where the workload runs (default: where its Pod's Node is).")
  @Nullable Locality locality;

  @Option(
      names = "--admin",
      paramLabel = "PORT",
      defaultValue = "15000",
      description = "Envoy's administration, on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  int admin = 15000;

  @Option(
      names = "--outbound-port",
      paramLabel = "PORT",
      defaultValue = "15001",
      description = {
        "Where outbound connections are redirected to (default: ${DEFAULT-VALUE}); 0 for no",
        "outbound side."
      })
  int outboundPort = 15001;

  @Option(
      names = "--inbound-listen",
      paramLabel = "[HOST:]PORT",
      converter = ListenConverter.class,
      description = {
        "Where inbound connections are redirected to (default: 0.0.0.0:15006). May be repeated."
      })
  List<HostPort> inboundListen = new ArrayList<>();

  @Option(
      names = "--upstream-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Where the application listens on 127.0.0.1 (default: the inbound port).")
  int upstreamPort;

  @Option(
      names = "--readiness",
      paramLabel = "PORT",
      description = "GET /healthz/ready (default: 15021, none with --listen-plain; 0 for none).")
  @Nullable Integer readiness;

  @Option(
      names = "--agent",
      paramLabel = "PORT",
      description = {
        "On 127.0.0.1: POST /quitquitquit, GET /healthz/ready and /stats/prometheus (default:",
        "15020, none with --listen-plain; 0 for none)."
      })
  @Nullable Integer agent;

  @Option(
      names = "--metrics",
      paramLabel = "PORT",
      description = "GET /stats/prometheus (default: 15090, none with --listen-plain; 0 for none).")
  @Nullable Integer metrics;

  @Option(
      names = "--listen-plain",
      paramLabel = "[PORT=]HOST:PORT",
      converter = PlainConverter.class,
      description = {
        "Instead of redirected connections: listens there, with the routes of a service's port,",
        "by default the same one. May be repeated."
      })
  List<SidecarOptions.PlainListener> plain = new ArrayList<>();

  @Option(
      names = "--tracing",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "The collector of traces, by OTLP over gRPC (default: what the mesh names).")
  @Nullable HostPort tracing;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write it (default: standard output).")
  @Nullable Path output;

  EnvoyCommand() {}

  @Override
  public Integer call() {
    LoggingOptions.quiet();
    Configuration configuration = workload.configuration();
    Workload as =
        new Workload(workload.namespace(), workload.labels(), locality, Workload.DEFAULT_DOMAIN);
    MeshPolicy policy = compile(configuration, as);
    if (!policy.refused().isEmpty()) {
      report(policy.problems());
      configuration = configuration.withLastGood(policy.refused(), Configuration.EMPTY);
      policy = compile(configuration, as);
    }
    report(configuration.problems());
    report(policy.problems());
    requireCerts(configuration);
    write(Bootstrap.of(configuration, policy, options()));
    return 0;
  }

  private MeshPolicy compile(Configuration configuration, Workload as) {
    return PolicyCompiler.compile(configuration, as, workload.endpoints(), certs != null);
  }

  /** A port that takes mutual TLS only would take nothing. */
  private void requireCerts(Configuration configuration) {
    AccessPolicy access =
        AccessPolicy.compile(
            configuration, workload.namespace(), workload.labels(), AccessSettings.DEFAULT);
    for (int port : inbound) {
      if (certs == null && access.peerMode(port) == PeerMode.STRICT) {
        throw new CommandFailure(
            "--certs: none (expected: a directory, for port " + port + " is STRICT)");
      }
    }
    if (!inbound.isEmpty()) {
      report(access.problems());
    }
  }

  private SidecarOptions options() {
    if (certs != null && !Files.isDirectory(certs)) {
      throw new ParameterException(
          spec.commandLine(), "--certs: \"" + certs + "\" (expected: a directory)");
    }
    boolean redirected = plain.isEmpty();
    return new SidecarOptions(
        name == null ? workload.labels().getOrDefault("app", "mesh") : name,
        address,
        serviceAccount,
        certs,
        autoMtls,
        admin,
        outboundPort,
        plain,
        inbound,
        inboundListen.isEmpty() ? List.of(new HostPort("0.0.0.0", 15006)) : inboundListen,
        upstreamPort,
        or(readiness, redirected ? 15021 : 0),
        or(agent, redirected ? 15020 : 0),
        or(metrics, redirected ? 15090 : 0),
        tracing);
  }

  private static int or(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  private void report(List<Problem> problems) {
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(problem -> err.println("mesh: " + problem));
    err.flush();
  }

  private void write(JsonObject bootstrap) {
    String text = GSON.toJson(bootstrap);
    if (output == null) {
      spec.commandLine().getOut().println(text);
      spec.commandLine().getOut().flush();
      return;
    }
    try {
      Files.writeString(output, text + "\n");
    } catch (IOException e) {
      throw new CommandFailure("--output: " + e, e);
    }
  }

  static final class AutoMtlsConverter implements ITypeConverter<SidecarOptions.AutoMtls> {
    @Override
    public SidecarOptions.AutoMtls convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "labels" -> SidecarOptions.AutoMtls.LABELS;
        case "all" -> SidecarOptions.AutoMtls.ALL;
        case "none" -> SidecarOptions.AutoMtls.NONE;
        default ->
            throw new TypeConversionException("\"" + value + "\" (expected: labels, all or none)");
      };
    }
  }

  static final class LocalityConverter implements ITypeConverter<Locality> {
    @Override
    public Locality convert(String value) {
      try {
        return Locality.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class ListenConverter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String value) {
      return new HostPort.Converter().convert(value.contains(":") ? value : "0.0.0.0:" + value);
    }
  }

  static final class PlainConverter implements ITypeConverter<SidecarOptions.PlainListener> {
    @Override
    public SidecarOptions.PlainListener convert(String value) {
      int equals = value.indexOf('=');
      HostPort at = new HostPort.Converter().convert(value.substring(equals + 1));
      try {
        int port = equals < 0 ? at.port() : Integer.parseInt(value.substring(0, equals));
        if (port > 0 && port <= 65535) {
          return new SidecarOptions.PlainListener(port, at);
        }
      } catch (NumberFormatException e) {
        // told below, as a number outside of the bounds is
      }
      throw new TypeConversionException(
          "\"" + value + "\" (expected: [PORT=]HOST:PORT, the first from 1 to 65535)");
    }
  }
}
