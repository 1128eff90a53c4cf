package io.meshclient;

import io.meshclient.mesh.MeshDetector;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.MeshState;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.VirtualHost;
import okhttp3.HttpUrl;

/**
 * Who owns what of a request: by the mesh as it is known now, and the request's destination. Tables
 * are made beforehand: a request picks one. Safe from any thread.
 */
final class Owners {
  private final MeshDetector detector;
  private final TlsOrigins tls;

  Owners(MeshDetector detector, TlsOrigins tls) {
    this.detector = detector;
    this.tls = tls;
  }

  MeshDetector detector() {
    return detector;
  }

  MeshState state() {
    return detector.state();
  }

  /**
   * The table for a request.
   *
   * @param url where the application sends it
   */
  Ownership of(MeshPolicy policy, HttpUrl url, RequestViewOfOkHttp view) {
    MeshState state = detector.state();
    if (state.mode() == MeshMode.NONE) {
      return state.ownership();
    }
    VirtualHost host = policy.virtualHost(view);
    boolean isService = host != null && view.host().equals(url.host());
    Ownership owners = state.ownership(url.isHttps(), url.host(), url.port(), isService);
    if (host == null || state.basis().isSure() || url.isHttps() || tls.rotated() == null) {
      return owners;
    }
    return goesByIdentity(host, view) ? state.ownershipByIdentity() : owners;
  }

  /** No sidecar can look into what goes out by mutual TLS. */
  private boolean goesByIdentity(VirtualHost host, RequestViewOfOkHttp view) {
    Route route = host.route(view);
    return route != null
        && route.action() instanceof RouteAction.Forward forward
        && forward.clusters().stream()
            .anyMatch(to -> to.cluster() != null && tls.isMutual(to.cluster()));
  }
}
