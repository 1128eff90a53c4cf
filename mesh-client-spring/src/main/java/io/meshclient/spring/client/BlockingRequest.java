package io.meshclient.spring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import okhttp3.Call;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/** A request of {@code RestClient} or {@code RestTemplate}. For one thread. */
final class BlockingRequest implements ClientHttpRequest, StreamingHttpOutputMessage {
  private final Call.Factory calls;
  private final URI uri;
  private final HttpMethod method;
  private final HttpHeaders headers = new HttpHeaders();
  private final Map<String, Object> attributes = new HashMap<>();
  private @Nullable Body streamed;
  private @Nullable ByteArrayOutputStream buffered;
  private boolean executed;

  BlockingRequest(Call.Factory calls, URI uri, HttpMethod method) {
    this.calls = calls;
    this.uri = uri;
    this.method = method;
  }

  @Override
  public HttpMethod getMethod() {
    return method;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public HttpHeaders getHeaders() {
    return executed ? HttpHeaders.readOnlyHttpHeaders(headers) : headers;
  }

  @Override
  public OutputStream getBody() {
    requireNotExecuted();
    if (streamed != null) {
      throw new IllegalStateException("body: set already (expected: one of both ways)");
    }
    if (buffered == null) {
      buffered = new ByteArrayOutputStream();
    }
    return buffered;
  }

  @Override
  public void setBody(Body body) {
    requireNotExecuted();
    if (buffered != null) {
      throw new IllegalStateException("body: written already (expected: one of both ways)");
    }
    streamed = body;
  }

  @Override
  public ClientHttpResponse execute() throws IOException {
    requireNotExecuted();
    executed = true;
    // Made on the caller's thread, whose context it carries.
    Call call = calls.newCall(OkHttpRequests.of(uri, method.name(), headers, body()));
    return new BlockingResponse(call.execute());
  }

  private void requireNotExecuted() {
    if (executed) {
      throw new IllegalStateException("request: executed already (expected: once)");
    }
  }

  private @Nullable RequestBody body() {
    if (streamed != null) {
      return new Streamed(streamed, headers.getContentLength());
    }
    return buffered == null || buffered.size() == 0
        ? null
        : RequestBody.create(buffered.toByteArray());
  }

  private static final class Streamed extends SentBody {
    private final Body body;

    Streamed(Body body, long length) {
      super(length);
      this.body = body;
    }

    @Override
    public boolean isOneShot() {
      return !body.repeatable();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(sink.outputStream());
    }
  }
}
