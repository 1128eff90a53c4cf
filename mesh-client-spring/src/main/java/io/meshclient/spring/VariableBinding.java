package io.meshclient.spring;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Leaves the library's own variables to it. Boot takes them for properties of the same name, such
 * as {@code MESH_CLIENT_ENDPOINTS} for {@code mesh.client.endpoints}, and they are written
 * otherwise.
 */
record VariableBinding(Environment environment)
    implements ConfigurationPropertiesBindHandlerAdvisor {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "mesh.client.config", "MESH_CLIENT_CONFIG",
          "mesh.client.endpoints", "MESH_CLIENT_ENDPOINTS",
          "mesh.client.headers", "MESH_CLIENT_HEADERS",
          "mesh.client.labels", "MESH_CLIENT_LABELS");

  @Override
  public BindHandler apply(BindHandler handler) {
    return new AbstractBindHandler(handler) {
      @Override
      public @Nullable Object onFailure(
          ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
          throws Exception {
        String variable = VARIABLES.get(name.toString());
        return variable != null && environment.containsProperty(variable)
            ? null
            : super.onFailure(name, target, context, error);
      }
    };
  }
}
