package io.meshclient.acceptance.pods;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.acceptance.replay.MeshProcess;
import io.meshclient.examples.pods.Jvm;
import io.meshclient.examples.pods.Pod;
import io.meshclient.examples.pods.PodNetwork;
import io.meshclient.examples.pods.PodProcess;
import io.meshclient.examples.pods.Sidecar;
import io.meshclient.examples.spans.CollectedSpans;
import io.meshclient.examples.spans.SpanSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Services in pods, with or without sidecars, and a pod of nobody's service, {@link #CLIENT}, from
 * which tests call.
 */
final class Pods implements AutoCloseable {
  /** With a sidecar where the services have theirs. */
  static final String CLIENT = "client";

  /** Never with a sidecar. */
  static final String OUTSIDER = "outsider";

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final String NAMESPACE = "production";
  private static final List<String> SERVICES = List.of("web", "order-service", "payment-service");

  private final OkHttpClient http =
      new OkHttpClient.Builder().callTimeout(ANSWER).readTimeout(ANSWER).build();
  private final PodNetwork network;
  private final Path directory;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Sidecar> sidecars = new LinkedHashMap<>();
  private final Map<String, PodProcess> applications = new LinkedHashMap<>();
  private @Nullable Pod collector;

  private Pods(PodNetwork network, Path directory) {
    this.network = network;
    this.directory = directory;
  }

  /** Pods behind sidecars that do not run yet, and no service that does. */
  static Pods injected(Path config, Path directory, Service... services) throws IOException {
    return bare(directory, services).inject(config);
  }

  /** The same, with a collector of the spans that sidecars and services send. */
  static Pods traced(Path config, Path directory, Service... services)
      throws IOException, InterruptedException {
    Pods made = bare(directory, services);
    try {
      made.collector = made.network.addCollector();
    } catch (IOException | RuntimeException | InterruptedException e) {
      made.close();
      throw e;
    }
    return made.inject(config);
  }

  private Pods inject(Path config) throws IOException {
    try {
      List<Pod> into = new ArrayList<>(pods.values());
      into.removeIf(pod -> pod.name().equals(OUTSIDER));
      List<Sidecar> made = network.inject(List.of(config), into);
      for (int i = 0; i < into.size(); i++) {
        sidecars.put(into.get(i).name(), made.get(i));
      }
      return this;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Pods without sidecars, and no service that runs. */
  static Pods bare(Path directory, Service... services) throws IOException {
    Pods made = new Pods(PodNetwork.open(NAMESPACE, SERVICES), directory);
    try {
      made.pods.put(CLIENT, made.network.add(CLIENT, CLIENT, "v1"));
      made.pods.put(OUTSIDER, made.network.add(OUTSIDER, OUTSIDER, "v1"));
      for (Service service : services) {
        made.pods.put(
            service.pod(), made.network.add(service.pod(), service.app(), service.version()));
      }
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /** Starts all sidecars, and waits for them. */
  Pods startSidecars() throws IOException, InterruptedException {
    for (Sidecar sidecar : sidecars.values()) {
      sidecar.launch();
    }
    for (Sidecar sidecar : sidecars.values()) {
      sidecar.awaitReady();
    }
    return this;
  }

  /**
   * Starts services, and waits until they listen.
   *
   * @param variables besides those that Kubernetes would give
   */
  Pods startServices(Map<String, String> variables, Service... services)
      throws IOException, InterruptedException {
    for (Service service : services) {
      Map<String, String> all = new HashMap<>(variables);
      all.put("POD_NAME", service.pod());
      all.put("POD_NAMESPACE", NAMESPACE);
      all.put("SERVICE_VERSION", service.version());
      all.put("SERVICE_FAULTS", fault(service).toString());
      List<String> command = Jvm.command(Machine.JAR, service.app());
      applications.put(service.pod(), pod(service.pod()).start("service", command, all));
    }
    for (Service service : services) {
      pod(service.pod()).awaitListening(application(service), Pod.PORT, START);
    }
    return this;
  }

  /** Starts a {@link PeerService} in the place of a service. */
  Pods startPeerService(Service service) throws IOException, InterruptedException {
    Pod pod = pod(service.pod());
    String id = network.id(service.app()).toString();
    List<String> command = Jvm.command(PeerService.class, Integer.toString(Pod.PORT), id);
    applications.put(service.pod(), pod.start("service", command, Map.of()));
    pod.awaitListening(application(service), Pod.PORT, START);
    return this;
  }

  /** Starts {@code mesh proxy outbound} in a pod, which listens on a port of localhost. */
  Pods startProxy(String pod, int port, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("proxy", "outbound"));
    arguments.addAll(List.of("--listen", "127.0.0.1:" + port));
    arguments.addAll(List.of(options));
    List<String> command = Jvm.command(MeshProcess.JAR, arguments.toArray(String[]::new));
    PodProcess proxy = pod(pod).start("proxy", command, Map.of());
    pod(pod).awaitListening(proxy, port, START);
    return this;
  }

  /** Requests to a service, by a proxy that listens in the pod. */
  Caller through(String pod, int port, String host) throws IOException, InterruptedException {
    return new Caller(http, pod(pod).forward("localhost", port), host);
  }

  Pod pod(String name) {
    return Objects.requireNonNull(pods.get(name), name);
  }

  /** Where the collector listens, as services are told. */
  String collector() {
    return "http://" + collectorPod().address() + ":" + PodNetwork.COLLECTOR_PORT;
  }

  /** What the collector has got. */
  SpanSource spans() throws IOException, InterruptedException {
    return new CollectedSpans(http, collectorPod().forward("localhost", PodNetwork.COLLECTOR_PORT));
  }

  private Pod collectorPod() {
    return Objects.requireNonNull(collector, "no collector");
  }

  Sidecar sidecar(String pod) {
    return Objects.requireNonNull(sidecars.get(pod), pod);
  }

  /** What the service has written. */
  List<String> log(Service service) throws IOException {
    return application(service).lines();
  }

  /** Makes a service answer so from now on; empty for well. */
  void fault(Service service, String words) throws IOException {
    Path written = Files.writeString(directory.resolve(service.pod() + ".new"), words);
    Files.move(
        written,
        fault(service),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** How many requests met the fault so far. */
  long faults(Service service) throws IOException {
    return log(service).stream().filter(line -> line.contains("Fault: ")).count();
  }

  /** Requests from within a pod to a service by its name, or to {@code localhost}. */
  Caller from(String pod, String host) throws IOException, InterruptedException {
    return new Caller(http, pod(pod).forward(host, Pod.PORT), host + ":" + Pod.PORT);
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
    network.close();
  }

  private PodProcess application(Service service) {
    return Objects.requireNonNull(applications.get(service.pod()), service.pod());
  }

  private Path fault(Service service) {
    return directory.resolve(service.pod() + ".fault").toAbsolutePath();
  }

  /**
   * Sends requests.
   *
   * @param url that leads into the pod
   * @param host by what name the service is called
   */
  record Caller(OkHttpClient http, String url, String host) {

    Answer get(String path, String... headers) throws IOException {
      return send("GET", null, path, headers);
    }

    Answer post(String path, String... headers) throws IOException {
      return send("POST", RequestBody.EMPTY, path, headers);
    }

    private Answer send(String method, @Nullable RequestBody body, String path, String... headers)
        throws IOException {
      Request request =
          new Request.Builder()
              .url(url + path)
              .headers(Headers.of(headers))
              .header("Host", host)
              .method(method, body)
              .build();
      try (Response response = http.newCall(request).execute()) {
        return new Answer(response.code(), response.headers(), response.body().string());
      }
    }
  }

  /** What was answered. */
  record Answer(int status, Headers headers, String body) {
    JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }
  }
}
