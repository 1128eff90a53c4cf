package io.meshclient;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.HashPolicy;
import io.meshclient.policy.XxHash64;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The hash by which a call finds its endpoint, and the cookies that it takes to find it again. */
final class HashKey {
  private final MeshCall call;
  private final List<String> cookies = new ArrayList<>(0);
  private boolean present;
  private long hash;

  private HashKey(MeshCall call) {
    this.call = call;
  }

  /** Gives a call its key, if its endpoint is found by one and it has none yet. */
  static void settle(MeshCall call, Cluster cluster) {
    if (call.hashKey == null && cluster.settings().loadBalancing().policy().hashes()) {
      call.hashKey = of(call, Objects.requireNonNull(call.forward).hashPolicies());
    }
  }

  /** Several policies count together; those that the request gives nothing for do not. */
  static HashKey of(MeshCall call, List<HashPolicy> policies) {
    HashKey key = new HashKey(call);
    for (HashPolicy policy : policies) {
      List<String> values = key.values(policy);
      if (values != null) {
        long own = 0;
        for (String value : values) {
          own = XxHash64.hash(value, own);
        }
        key.hash = (key.present ? Long.rotateLeft(key.hash, 1) : 0) ^ own;
        key.present = true;
      }
    }
    return key;
  }

  /** Whether the request gives anything to hash. */
  boolean isPresent() {
    return present;
  }

  long hash() {
    return hash;
  }

  /** The answer with the cookies that were made up for the call. */
  Response handOut(Response response) {
    if (cookies.isEmpty()) {
      return response;
    }
    Headers.Builder handed = new Headers.Builder();
    cookies.forEach(cookie -> handed.add("set-cookie", cookie));
    CookieJar jar = call.chain.getCookieJar();
    if (jar != CookieJar.NO_COOKIES) {
      HttpUrl url = call.original.url();
      jar.saveFromResponse(url, Cookie.parseAll(url, handed.build()));
    }
    Headers headers = response.headers().newBuilder().addAll(handed.build()).build();
    return response.newBuilder().headers(headers).build();
  }

  private @Nullable List<String> values(HashPolicy policy) {
    if (policy instanceof HashPolicy.SourceAddress) {
      return OwnAddress.VALUE;
    }
    if (!(policy instanceof HashPolicy.Cookie cookie)) {
      return policy.values(call.view);
    }
    List<String> sent = sent(cookie);
    return sent == null && cookie.maxAge() != null ? List.of(makeUp(cookie)) : sent;
  }

  /** OkHttp adds a jar's cookies further down, instead of those of the request. */
  private @Nullable List<String> sent(HashPolicy.Cookie cookie) {
    CookieJar jar = call.chain.getCookieJar();
    List<Cookie> stored =
        jar == CookieJar.NO_COOKIES ? List.of() : jar.loadForRequest(call.original.url());
    if (stored.isEmpty()) {
      return cookie.values(call.view);
    }
    for (Cookie candidate : stored) {
      if (candidate.name().equals(cookie.name()) && !candidate.value().isEmpty()) {
        String value = candidate.value();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return List.of(quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return null;
  }

  private String makeUp(HashPolicy.Cookie cookie) {
    String value = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    cookies.add(cookie.setCookie(value));
    return value;
  }

  /** Looked up once, when first asked for. */
  private static final class OwnAddress {
    static final List<String> VALUE = List.of(find());

    private static String find() {
      try {
        for (NetworkInterface candidate :
            Collections.list(NetworkInterface.getNetworkInterfaces())) {
          for (InetAddress address : Collections.list(candidate.getInetAddresses())) {
            if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
              return address.getHostAddress();
            }
          }
        }
      } catch (SocketException e) {
        // As if there were no network: then all endpoints are on this machine.
      }
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}
