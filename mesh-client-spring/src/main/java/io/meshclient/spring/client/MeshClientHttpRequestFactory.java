package io.meshclient.spring.client;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import okhttp3.Call;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Sends what {@code RestClient} and {@code RestTemplate} are asked for through a mesh's OkHttp
 * client. Bodies that are streamed are not buffered here.
 *
 * <p>Safe from any thread.
 */
public final class MeshClientHttpRequestFactory implements ClientHttpRequestFactory {
  private final Call.Factory calls;

  /**
   * A factory of requests.
   *
   * @param calls such as {@link io.meshclient.MeshClient#okHttpClient}
   */
  public MeshClientHttpRequestFactory(Call.Factory calls) {
    this.calls = requireNonNull(calls, "calls");
  }

  @Override
  public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
    return new BlockingRequest(calls, uri, method);
  }
}
