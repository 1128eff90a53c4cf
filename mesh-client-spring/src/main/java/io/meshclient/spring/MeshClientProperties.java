package io.meshclient.spring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
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
 * @param config where the rules are
 * @param endpoints where services run, as host:port, by service or service/version: in place of all
 *     other endpoints of the service
 * @param headers which headers travel
 */
@ConfigurationProperties("mesh.client")
public record MeshClientProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String service,
    @Nullable String namespace,
    @DefaultValue Map<String, String> labels,
    @Nullable String locality,
    @Nullable String domain,
    @DefaultValue Config config,
    @DefaultValue Map<String, List<String>> endpoints,
    @DefaultValue Headers headers) {

  /**
   * Where the rules are.
   *
   * @param locations files or directories of Istio YAML, as file: or classpath: (files are
   *     watched); by default the directories mesh/ beside the application and on its class path,
   *     where there are such
   * @param meshConfig MeshConfig: a ConfigMap with a key "mesh", or the lines that such a key holds
   */
  public record Config(@DefaultValue List<String> locations, @Nullable String meshConfig) {}

  /**
   * Which headers travel from a request that came in to the calls that it causes.
   *
   * @param allow names, or beginnings that end with *, beside those that travel anyway
   * @param deny names, or beginnings that end with *, that never do
   */
  public record Headers(@DefaultValue List<String> allow, @DefaultValue List<String> deny) {}
}
