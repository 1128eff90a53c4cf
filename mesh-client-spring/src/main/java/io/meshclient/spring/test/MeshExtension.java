package io.meshclient.spring.test;

import static java.util.Objects.requireNonNull;

import io.meshclient.MeshClientBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * A mesh of {@link ScriptedEndpoint scripted endpoints} for the tests of a class: real servers on
 * the loopback address, so that rules are tried on real requests.
 *
 * <pre>{@code
 * @RegisterExtension static final MeshExtension mesh = new MeshExtension();
 * static final ScriptedEndpoint v1 = mesh.endpoint("orders", "v1");
 * static final ScriptedEndpoint v2 = mesh.endpoint("orders", "v2");
 *
 * @DynamicPropertySource
 * static void endpoints(DynamicPropertyRegistry registry) {
 *   mesh.register(registry);
 * }
 * }</pre>
 *
 * <p>Before each test scripts and what was received are forgotten; after the last the servers end.
 */
public final class MeshExtension implements BeforeEachCallback, AfterAllCallback {
  private final Map<String, ScriptedEndpoint> endpoints = new TreeMap<>();

  /** A mesh without endpoints. */
  public MeshExtension() {}

  /** The instance of a service's version; it is started when it is first asked for. */
  public ScriptedEndpoint endpoint(String service, String version) {
    requireNonNull(service, "service");
    requireNonNull(version, "version");
    String name = service + "/" + version;
    return endpoints.computeIfAbsent(name, key -> new ScriptedEndpoint(service + " " + version));
  }

  /** Tells a Spring test where the endpoints are, by {@code mesh.client.endpoints}. */
  public void register(DynamicPropertyRegistry registry) {
    endpoints.forEach(
        (name, endpoint) ->
            registry.add("mesh.client.endpoints.[" + name + "]", endpoint::address));
  }

  /** Tells a client that is built by hand where the endpoints are. */
  public MeshClientBuilder applyTo(MeshClientBuilder builder) {
    endpoints.forEach(
        (name, endpoint) -> {
          int slash = name.indexOf('/');
          builder.endpoint(name.substring(0, slash), name.substring(slash + 1), endpoint.address());
        });
    return builder;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    endpoints.values().forEach(ScriptedEndpoint::reset);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    endpoints.values().forEach(ScriptedEndpoint::stop);
  }
}
