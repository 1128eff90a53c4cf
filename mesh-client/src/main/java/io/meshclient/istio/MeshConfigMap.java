package io.meshclient.istio;

/**
 * {@code v1 ConfigMap} with a {@code mesh} key: settings of the mesh as a whole. Other ConfigMaps
 * are not read.
 */
public record MeshConfigMap(ObjectMeta metadata, MeshConfig mesh, Location location)
    implements Resource {

  @Override
  public String kind() {
    return "ConfigMap";
  }
}
