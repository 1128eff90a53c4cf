package io.meshclient.spring.cloud;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.discovery.*}: endpoints from Spring Cloud's DiscoveryClient.
 *
 * @param enabled whether it is asked
 * @param versionMetadata which of an instance's metadata is its version: the label that subsets
 *     select by
 */
@ConfigurationProperties("mesh.client.discovery")
public record MeshDiscoveryProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue("version") String versionMetadata) {}
