package io.meshclient.cli.export;

import com.google.gson.JsonObject;

/** Writes what passes connections on as they are. */
final class Tcp {

  private Tcp() {}

  static JsonObject to(String cluster) {
    return Json.extension(
        "envoy.filters.network.tcp_proxy",
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix",
        cluster,
        "cluster",
        cluster);
  }
}
