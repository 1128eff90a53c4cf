package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import java.util.ArrayList;
import java.util.List;

/** Makes requests that come close to what {@link NeighbourPolicies} ask for. */
final class NeighbourRequests {

  private static final List<String> IDENTITIES =
      List.of(
          "spiffe://cluster.local/ns/production/sa/web",
          "spiffe://cluster.local/ns/staging/sa/web",
          "spiffe://cluster.local/ns/production/sa/order",
          "spiffe://cluster.local/ns/production/sa/web2",
          "spiffe://cluster.local/ns/production/region/eu/sa/web",
          "spiffe://old.local/ns/production/sa/web",
          "spiffe://corp.test/ns/production/sa/web",
          "spiffe://cluster.local/web");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/a/b",
          "/a/",
          "/a//b",
          "/A",
          "/a/x/b",
          "/a/x/y/b",
          "/a?x=1",
          "/a/b?x=/c",
          "/a%2Fb",
          "/a%2fb",
          "/%61",
          "/a/./b",
          "/a/../b",
          "/x/%2e%2e/a",
          "/a\\b",
          "//a",
          "///a//b",
          "/a;v=1",
          "/a/b;p",
          "/a.b",
          "/x.txt",
          "/a%20b",
          "/a/%",
          "/a/%zz",
          "/a/[x]",
          "/a/x%5Cb",
          "/a/..",
          "/../a",
          "/a/...",
          "/a/.%2e/b",
          "/a/%00",
          "/a/b/",
          "/a?",
          "/a??",
          "/a/*",
          "/a/b#f",
          "/a#f",
          "/%2561",
          "/a/é",
          "/a+b",
          "*",
          "/a%3Fx=1",
          "/a/%7E",
          "/a/~",
          "/a/%C3%A9",
          "/%2e/a",
          "/a%5cb",
          "/a/%2e",
          "/%2F%2Fa",
          "/a%2F..%2Fb",
          "/a|b",
          "/a/{x}",
          "/a/^",
          "/a/`");

  private static final List<String> HOSTS =
      List.of("a.test", "A.test", "a.test:8080", "b.test", "x.a.test", "a.test.", "a.test:80");

  private static final List<Header> HEADERS =
      List.of(
          new Header("x-a", "1"),
          new Header("x-a", "12"),
          new Header("X-A", "a"),
          new Header("x-a", ""),
          new Header("x-a", " 1 "),
          new Header("x-a", "a,b"),
          new Header("x-a", "1\t2"),
          new Header("x-b", "b"),
          new Header("x-b", "ab"),
          new Header("accept", "a"),
          new Header("accept", "b"),
          new Header("cookie", "a=1"),
          new Header("cookie", "b=2"),
          new Header("x-forwarded-for", "203.0.113.9"),
          new Header("x-forwarded-for", "203.0.113.9, 198.51.100.7"),
          new Header("x-forwarded-for", "2001:db8::1"),
          new Header("x-forwarded-for", "203.0.113.9:80"),
          new Header("x-forwarded-for", "[2001:db8::1]:80"),
          new Header("x-forwarded-for", "203.0.113.009"),
          new Header("x-forwarded-for", "::ffff:203.0.113.9"),
          new Header("x-forwarded-for", ""),
          new Header("x-forwarded-for", "203.0.113.9,"),
          new Header("x-forwarded-for", "203.0.113"),
          new Header("x-forwarded-proto", "https"),
          new Header("x-forwarded-proto", "HTTP"),
          new Header("x-request-id", "id-1"),
          new Header("authorization", "Basic eDp5"),
          new Header("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/production/sa/web"),
          new Header("content-type", "application/grpc"),
          new Header("content-type", "application/grpc+proto"),
          new Header("content-type", "application/grpc-web"),
          new Header("content-type", "text/plain"),
          new Header("te", "trailers"),
          new Header("trailer", "x-t"),
          new Header("origin", "https://a.test"),
          new Header("access-control-request-method", "PUT"));

  private final Draw draw;
  private final NeighbourTokens tokens;

  NeighbourRequests(Draw draw, NeighbourTokens tokens) {
    this.draw = draw;
    this.tokens = tokens;
  }

  /**
   * A request.
   *
   * @param authenticated whether the workload looks at tokens
   */
  Outbound request(boolean authenticated) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Host", draw.of(HOSTS)));
    for (int i = draw.upTo(3); i > 0; i--) {
      headers.add(draw.of(HEADERS));
    }
    String target = draw.chance(0.5) ? draw.of(List.of("/a", "/a/b")) : draw.of(PATHS);
    if (authenticated && draw.chance(0.8)) {
      target = tokens.place(headers, target, draw);
    }
    String method = draw.of(List.of("GET", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PURGE"));
    return new Outbound(caller(), method, target, List.copyOf(headers));
  }

  private Caller caller() {
    String identity = draw.chance(0.6) ? draw.of(IDENTITIES) : null;
    return new Caller(
        identity,
        identity != null,
        draw.chance(0.03),
        draw.of(List.of("a.test", "b.test", SecurityCaseReader.HOST)),
        draw.chance(0.95) ? SecurityCaseReader.ISTIO_ALPN : List.of("http/1.1"),
        draw.of(List.of("127.2.9.1", "127.2.7.7", "127.2.9.0", "127.2.9.128")),
        draw.of(List.of(8080, 8080, 9090)));
  }
}
