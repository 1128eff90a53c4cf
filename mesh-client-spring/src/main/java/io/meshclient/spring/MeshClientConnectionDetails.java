package io.meshclient.spring;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where services run, when it is not {@code mesh.client.endpoints.*} that tells: a bean of this
 * type, made by Testcontainers or Docker Compose support, takes the place of those properties.
 */
@FunctionalInterface
public interface MeshClientConnectionDetails extends ConnectionDetails {

  /** {@code host:port}s by service or service/version: in place of the service's other ones. */
  Map<String, List<String>> endpoints();
}
