package io.meshclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.*}: what an application's {@link io.meshclient.MeshClient} is told. What is
 * not set comes from the environment of the process, as docs/configuration.md has it.
 *
 * @param enabled whether there is a mesh client at all
 * @param service the calling service's name; spring.application.name by default
 * @param namespace the calling service's namespace; by default that of the pod, else "default"
 * @param labels the calling workload's labels; by default those of the pod
 * @param locality where the caller runs, as region/zone/subzone; by default where its Pod does
 * @param domain the cluster's DNS domain; cluster.local by default
 * @param mode which mesh is around; auto to find out
 * @param awaitMesh how long the start waits for the mesh's proxy to take requests
 * @param drain how long the end waits for calls under way
 * @param quitMeshOnClose whether the end tells the sidecar to end, for jobs
 * @param retriesAboveMesh whether the rules' retries are made above those of a mesh, too
 * @param sendDeadline whether requests tell how long their answer is waited for
 * @param config where the rules are
 * @param endpoints where services run, as host:port or host:port+label=value, by service or
 *     service/version: in place of all other endpoints of the service
 * @param headers which headers travel
 * @param breakers circuit breakers, by destination
 * @param bulkheads how many calls may be under way, by destination
 * @param rateLimits how often destinations are called
 * @param retryBudget what bounds retries; the rules' own are unbounded by default
 * @param identity who the workload is
 * @param telemetry what is told of calls and requests
 */
@ConfigurationProperties("mesh.client")
public record MeshClientProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String service,
    @Nullable String namespace,
    @DefaultValue Map<String, String> labels,
    @Nullable String locality,
    @Nullable String domain,
    @DefaultValue("auto") Mode mode,
    @DefaultValue("0s") Duration awaitMesh,
    @DefaultValue("0s") Duration drain,
    @DefaultValue("false") boolean quitMeshOnClose,
    @DefaultValue("false") boolean retriesAboveMesh,
    @DefaultValue("false") boolean sendDeadline,
    @DefaultValue Config config,
    @DefaultValue Map<String, List<String>> endpoints,
    @DefaultValue Headers headers,
    @DefaultValue List<BreakerProperties> breakers,
    @DefaultValue List<Bulkhead> bulkheads,
    @DefaultValue List<Limit> rateLimits,
    @Nullable RetryBudgetProperties retryBudget,
    @DefaultValue @NestedConfigurationProperty IdentityProperties identity,
    @DefaultValue Telemetry telemetry) {

  /** Which mesh is around. */
  public enum Mode {
    /** It is found out. */
    AUTO,
    /** None. */
    NONE,
    /** Istio's sidecar. */
    ISTIO,
    /** Istio's ambient mode with ztunnel alone. */
    AMBIENT,
    /** Istio's ambient mode, with waypoints. */
    WAYPOINT,
    /** Linkerd's proxy. */
    LINKERD,
    /** Consul's sidecar. */
    CONSUL
  }

  /**
   * What is told of calls and requests.
   *
   * @param enabled false for no spans and metrics; true for an OpenTelemetry that the library sets
   *     up where the application has none; by default whatever OpenTelemetry there is
   * @param accessLog true for an access log on standard output where neither MeshConfig nor a
   *     Telemetry resource says anything, false for none; by default what they say, and none where
   *     telemetry is not enabled
   */
  public record Telemetry(@Nullable Boolean enabled, @Nullable Boolean accessLog) {

    /** Whether spans and metrics are not wanted. */
    public boolean isOff() {
      return Boolean.FALSE.equals(enabled);
    }
  }

  /**
   * Where the rules are.
   *
   * @param locations files or directories of Istio YAML, as file: or classpath: (files are
   *     watched); by default the directories mesh/ beside the application and on its class path,
   *     where there are such
   * @param meshConfig MeshConfig: a ConfigMap with a key "mesh", or the lines that such a key holds
   * @param failOnError whether an error in the rules, or a subset that none defines, ends the
   *     start, with file and line
   */
  public record Config(
      @DefaultValue List<String> locations,
      @Nullable String meshConfig,
      @DefaultValue("false") boolean failOnError) {}

  /**
   * Which headers travel from a request that came in to the calls that it causes.
   *
   * @param allow names, or beginnings that end with *, beside those that travel anyway
   * @param deny names, or beginnings that end with *, that never do
   */
  public record Headers(@DefaultValue List<String> allow, @DefaultValue List<String> deny) {}

  /**
   * How many calls of a destination may be under way.
   *
   * @param destination a host, short or full, with * for any characters
   * @param maxConcurrent how many at once
   * @param maxWaiting how many more may wait for their turn
   * @param maxWait how long they may
   */
  public record Bulkhead(
      @DefaultValue("*") String destination,
      int maxConcurrent,
      @DefaultValue("0") int maxWaiting,
      @DefaultValue("0s") Duration maxWait) {}

  /**
   * How often a destination may be called.
   *
   * @param destination a host, short or full, with * for any characters
   * @param tokens how many calls in an interval
   * @param interval the interval
   * @param maxWait how long a call may wait for its turn
   */
  public record Limit(
      @DefaultValue("*") String destination,
      long tokens,
      @DefaultValue("1s") Duration interval,
      @DefaultValue("0s") Duration maxWait) {}

  /**
   * What bounds retries, for each destination.
   *
   * @param ratio retries for each request
   * @param perSecond retries a second besides
   * @param burst how many are saved up at most
   */
  public record RetryBudgetProperties(
      @DefaultValue("0.2") double ratio,
      @DefaultValue("10") double perSecond,
      @DefaultValue("100") double burst) {}
}
