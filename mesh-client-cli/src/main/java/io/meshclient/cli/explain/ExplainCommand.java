package io.meshclient.cli.explain;

import io.meshclient.MeshClient;
import io.meshclient.access.AccessExplanation;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.cli.options.ModeConverter;
import io.meshclient.cli.options.WorkloadOptions;
import io.meshclient.mesh.MeshMode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code mesh explain}: exits with 0 whatever would happen to the request. */
@Command(
    name = "explain",
    description = "Says what would happen to a request, and why; nothing is sent.",
    customSynopsis = {
      "mesh explain --config PATH... [--mesh-config FILE] [--namespace NS]",
      "    [--labels k=v,k=v] [--endpoint service[/version]=host:port]...",
      "    [--random 0..99.99] [--mode MODE] [--app-attempts N]",
      "    [-o text|json] [-X METHOD]",
      "    [-H 'name: value']... URL",
      "mesh explain --inbound [--as SPIFFE-ID | --as-plaintext] [--port N]",
      "    [--source-ip IP] --config PATH... [--mesh-config FILE] [--namespace NS]",
      "    [--labels k=v,k=v] [-o text|json] [-X METHOD] [-H 'name: value']... URL"
    },
    mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<Integer> {

  /** How an explanation is written. */
  enum Format {
    TEXT,
    JSON;

    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
          case "text" -> TEXT;
          case "json" -> JSON;
          default ->
              throw new TypeConversionException("\"" + value + "\" (expected: text or json)");
        };
      }
    }
  }

  /** What decides between weighted destinations. */
  static final class Draw implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
      try {
        double draw = Double.parseDouble(value);
        if (draw >= 0 && draw < 100) {
          return draw;
        }
      } catch (NumberFormatException e) {
        // told below, as a number outside of the bounds is
      }
      throw new TypeConversionException("\"" + value + "\" (expected: 0 to less than 100)");
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Mixin WorkloadOptions workload = new WorkloadOptions();

  @Mixin LoggingOptions logging = new LoggingOptions();

  @Mixin InboundOptions inbound = new InboundOptions();

  @Parameters(
      paramLabel = "URL",
      description = "Where the request goes, such as http://order-service:8080/api/orders.")
  String url = "";

  @Option(
      names = {"-X", "--request"},
      paramLabel = "METHOD",
      defaultValue = "GET",
      description = "The method (default: ${DEFAULT-VALUE}).")
  String method = "GET";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'name: value'",
      description = "A header; may be repeated. Host overrides the URL's authority.")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--random",
      converter = Draw.class,
      paramLabel = "0..99.99",
      description = "The draw that decides between weighted destinations (default: 0).")
  @Nullable Double random;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "none",
      converter = ModeConverter.class,
      description = {
        "Which mesh is around: none (the default), istio, ambient, waypoint, linkerd, consul.",
        "What is the mesh's, it decides by its own configuration; here it is taken to be the same."
      })
  MeshMode mode = MeshMode.NONE;

  @Option(
      names = "--app-attempts",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often the application itself makes a call at most (default: 1).")
  int appAttempts = 1;

  @Option(
      names = {"-o", "--output"},
      converter = Format.Converter.class,
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to write it (default: ${DEFAULT-VALUE}).")
  Format format = Format.TEXT;

  ExplainCommand() {}

  @Override
  public Integer call() {
    Request request = request();
    double draw = random == null ? 0 : random;
    if (appAttempts < 1) {
      throw new ParameterException(
          spec.commandLine(), "--app-attempts: " + appAttempts + " (expected: 1 or more)");
    }
    LoggingOptions.quiet();
    try (MeshClient mesh = workload.builder().meshMode(mode).build()) {
      if (inbound.inbound) {
        explainInbound(mesh, inbound.ask(request));
        return 0;
      }
      Explained explained =
          new Explained(
              request,
              workload.namespace(),
              workload.labels(),
              mesh.problems(),
              mesh.explain(request, draw),
              random != null,
              mesh.ownership(request),
              appAttempts);
      PrintWriter out = spec.commandLine().getOut();
      if (format == Format.JSON) {
        out.println(ExplainJson.write(explained));
      } else {
        out.print(ExplainText.write(explained, new Palette(Ansi.AUTO.enabled())));
      }
      out.flush();
    }
    return 0;
  }

  private void explainInbound(MeshClient mesh, AskedInbound asked) {
    AccessExplanation explanation = mesh.accessPolicy().explain(asked);
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(InboundJson.write(asked, explanation));
    } else {
      out.print(InboundText.write(asked, explanation, new Palette(Ansi.AUTO.enabled())));
    }
    out.flush();
  }

  private Request request() {
    String problem = inbound.problem();
    if (problem != null) {
      throw new ParameterException(spec.commandLine(), problem);
    }
    try {
      return AskedRequest.of(url, method, headers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
