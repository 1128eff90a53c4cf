package io.meshclient.spring.client;

import java.io.InputStream;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** An answer for {@code RestClient} or {@code RestTemplate}; its body is read as it comes. */
final class BlockingResponse implements ClientHttpResponse {
  private final Response response;
  private @Nullable HttpHeaders headers;

  BlockingResponse(Response response) {
    this.response = response;
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return HttpStatusCode.valueOf(response.code());
  }

  @Override
  public String getStatusText() {
    return response.message();
  }

  @Override
  public HttpHeaders getHeaders() {
    if (headers == null) {
      headers = OkHttpRequests.headers(response.headers());
    }
    return headers;
  }

  @Override
  public InputStream getBody() {
    return response.body().byteStream();
  }

  @Override
  public void close() {
    response.close();
  }
}
