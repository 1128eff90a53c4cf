package io.meshclient.spring.server;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code mesh.client.inbound.*}: what becomes of requests that come in.
 *
 * @param enabled whether there is a filter at all
 * @param order the filter's place among all; by default behind that of Boot's observations, and
 *     before Spring Security's
 * @param enforce whether PeerAuthentication, RequestAuthentication, AuthorizationPolicy and local
 *     rate limits of the configuration hold
 * @param exempt paths that no rate limit refuses, besides those of health checks
 * @param exemptFromAccess paths that anybody may ask for
 * @param sidecar the workload's own SPIFFE ID, where the word of the sidecar in front is taken
 * @param servicePort the service's port that rules mean, where it is not the one listened on
 * @param takeDeadlines whether callers may say how long they wait
 * @param rateLimits how often requests may come
 * @param security whether the caller is an Authentication for Spring Security, where nobody else is
 */
@ConfigurationProperties("mesh.client.inbound")
public record MeshServerProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("-2147483638") int order,
    @DefaultValue("true") boolean enforce,
    @DefaultValue List<String> exempt,
    @DefaultValue List<String> exemptFromAccess,
    @Nullable String sidecar,
    @Nullable Integer servicePort,
    @DefaultValue("false") boolean takeDeadlines,
    @DefaultValue List<Limit> rateLimits,
    @DefaultValue("true") boolean security) {

  /**
   * How often requests may come to a path and all below it.
   *
   * @param path such as /orders
   * @param method all by default
   * @param tokens how many in an interval
   * @param interval the interval
   */
  public record Limit(
      @DefaultValue("/") String path,
      @Nullable String method,
      long tokens,
      @DefaultValue("1s") Duration interval) {}
}
