package io.meshclient;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.internal.connection.RealCall;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Clients for calls within calls: derived of the client that runs the first call, so that what the
 * application put behind this library still sees the request. Safe from any thread.
 */
final class SecondCalls {
  private record Derived(OkHttpClient from, OkHttpClient client) {}

  private final Function<OkHttpClient.Builder, OkHttpClient> derive;

  /** An application has one client, or few; to derive again costs microseconds. */
  private volatile @Nullable Derived derived;

  /**
   * @param derive is given the client without the interceptors before the pipeline's end
   */
  SecondCalls(Function<OkHttpClient.Builder, OkHttpClient> derive) {
    this.derive = derive;
  }

  /** The client for a call within this one. */
  OkHttpClient within(Call first) {
    // Only the call itself knows the client that was made of the instrumented one since.
    OkHttpClient applications = ((RealCall) first).getClient();
    Derived known = derived;
    if (known == null || known.from != applications) {
      known = new Derived(applications, derive.apply(behindPipeline(applications)));
      derived = known;
    }
    return known.client;
  }

  private static OkHttpClient.Builder behindPipeline(OkHttpClient applications) {
    OkHttpClient.Builder builder = applications.newBuilder();
    List<Interceptor> interceptors = builder.interceptors();
    int own = 0;
    for (int i = 0; i < interceptors.size(); i++) {
      Interceptor interceptor = interceptors.get(i);
      if (interceptor instanceof MeshInterceptor
          || interceptor instanceof MirrorInterceptor
          || interceptor instanceof BranchInterceptor) {
        own = i + 1;
      }
    }
    interceptors.subList(0, own).clear();
    return builder;
  }

  /** A second call begins where the first one has come to. */
  static Interceptor.Chain withSettings(Interceptor.Chain chain, Interceptor.Chain first) {
    SSLSocketFactory tls = first.getSslSocketFactoryOrNull();
    X509TrustManager trust = first.getX509TrustManagerOrNull();
    Interceptor.Chain secured =
        tls == null || trust == null ? chain : chain.withSslSocketFactory(tls, trust);
    return secured
        .withHostnameVerifier(first.getHostnameVerifier())
        .withCertificatePinner(first.getCertificatePinner())
        .withConnectTimeout(first.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withReadTimeout(first.readTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withWriteTimeout(first.writeTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withDns(first.getDns())
        .withSocketFactory(first.getSocketFactory())
        .withProxy(first.getProxy())
        .withProxySelector(first.getProxySelector())
        .withProxyAuthenticator(first.getProxyAuthenticator())
        .withAuthenticator(first.getAuthenticator())
        .withCookieJar(first.getCookieJar())
        .withCache(first.getCache())
        .withConnectionPool(first.getConnectionPool())
        .withRetryOnConnectionFailure(first.getRetryOnConnectionFailure());
  }

  /**
   * A first call's time ends with its answer's headers, so what is left goes to the second.
   *
   * @param goneNanos of the first one's time
   */
  static void limit(Call second, Call first, long goneNanos) {
    Timeout timeout = second.timeout();
    long whole = first.timeout().timeoutNanos();
    timeout.clearTimeout();
    if (whole != 0) {
      timeout.timeout(Math.max(1, whole - goneNanos), TimeUnit.NANOSECONDS);
    }
  }
}
