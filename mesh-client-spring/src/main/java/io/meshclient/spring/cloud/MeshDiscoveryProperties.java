package io.meshclient.spring.cloud;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.discovery.*}: endpoints from Spring Cloud's DiscoveryClient.
 *
 * @param enabled whether it is asked
 * @param versionMetadata which of an instance's metadata becomes its label "version"; all metadata
 *     are labels under their own names, which subsets select by
 */
@ConfigurationProperties("mesh.client.discovery")
public record MeshDiscoveryProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue("version") String versionMetadata) {}
