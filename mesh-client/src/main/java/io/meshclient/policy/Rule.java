package io.meshclient.policy;

import io.meshclient.istio.Location;
import io.meshclient.istio.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Which piece of configuration made a route.
 *
 * @param resource {@code VirtualService production/order-service-vs}
 * @param path within the resource's spec, such as {@code http[1]}
 * @param name the name the rule was given, if any
 */
public record Rule(String resource, Location location, String path, @Nullable String name) {

  static Rule of(
      Resource resource, String namespace, Location location, String path, @Nullable String name) {
    return new Rule(
        resource.kind() + " " + namespace + "/" + resource.metadata().name(), location, path, name);
  }

  /** The same with the name of one of its matches behind its own, as Envoy's routes are named. */
  Rule named(@Nullable String match) {
    return match == null || match.isEmpty()
        ? this
        : new Rule(resource, location, path, (name == null ? "" : name) + "." + match);
  }

  /** A rule that nobody wrote: the default route of a service. */
  static Rule implied(String what) {
    return new Rule(what, Location.NONE, "", null);
  }

  /** {@code 02-order-traffic.yaml:6 http[0]}. */
  @Override
  public String toString() {
    return location.file().isEmpty() ? resource : location.fileAndLine() + " " + path;
  }
}
