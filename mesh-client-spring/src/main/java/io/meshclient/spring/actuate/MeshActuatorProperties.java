package io.meshclient.spring.actuate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.actuator.*}: what operators may see and do.
 *
 * @param breakerWrites whether the endpoint mesh may set circuit breakers
 * @param downOnErrors whether errors in the application's own rules make its health DOWN
 */
@ConfigurationProperties("mesh.client.actuator")
public record MeshActuatorProperties(
    @DefaultValue("false") boolean breakerWrites, @DefaultValue("false") boolean downOnErrors) {}
