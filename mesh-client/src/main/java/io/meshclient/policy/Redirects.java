package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/** Works out where a redirect leads: Envoy's {@code newUri}. */
final class Redirects {

  private Redirects() {}

  static String location(RequestView request, RouteAction.Redirect redirect, PathMatch match) {
    String scheme = redirect.scheme() == null ? request.scheme() : redirect.scheme();
    int port =
        redirect.port() == RouteAction.Redirect.REQUEST_PORT ? request.port() : redirect.port();
    String host =
        redirect.host() == null || redirect.host().isEmpty()
            ? ownHost(request, scheme, port)
            : redirect.host();
    String target = path(request, redirect, match);
    return scheme
        + "://"
        + host
        + (port == 0 ? "" : ":" + port)
        + (target.startsWith("/") ? "" : "/")
        + target;
  }

  /** The request's authority, without its port where that is replaced or was its scheme's own. */
  private static String ownHost(RequestView request, String newScheme, int newPort) {
    String authority = request.authority();
    int colon = authority.lastIndexOf(':');
    if (colon < 0 || authority.indexOf(']') > colon) {
      return authority;
    }
    String port = authority.substring(colon);
    boolean drop =
        newPort != 0
            || !newScheme.equals(request.scheme())
                && port.equals(request.scheme().equals("https") ? ":443" : ":80");
    return drop ? authority.substring(0, colon) : authority;
  }

  private static String path(RequestView request, RouteAction.Redirect redirect, PathMatch match) {
    String path = redirect.path();
    if (redirect.rewrite() != null) {
      path = redirect.rewrite().apply(request.path(), match);
    } else if (path == null || path.isEmpty()) {
      return request.pathAndQuery();
    }
    return path.indexOf('?') >= 0 ? path : withQuery(path, request.query());
  }

  private static String withQuery(String path, @Nullable String query) {
    return query == null ? path : path + "?" + query;
  }
}
