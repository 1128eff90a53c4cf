package io.meshclient.examples.spans;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The spans that a {@link Collector} in another process has received: asks it for them. */
public final class CollectedSpans implements SpanSource {
  private static final long PAUSE_MILLIS = 100;
  private static final TypeToken<List<ReceivedSpan>> SPANS = new TypeToken<>() {};

  private final OkHttpClient http;
  private final String url;
  private final Gson json = new Gson();

  /**
   * @param url of the collector
   */
  public CollectedSpans(OkHttpClient http, String url) {
    this.http = http;
    this.url = url;
  }

  @Override
  public List<ReceivedSpan> await(
      String traceId, Predicate<List<ReceivedSpan>> enough, long time, TimeUnit unit)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + unit.toNanos(time);
    List<ReceivedSpan> spans = trace(traceId);
    while (!enough.test(spans) && System.nanoTime() - end < 0) {
      Thread.sleep(PAUSE_MILLIS);
      spans = trace(traceId);
    }
    return spans;
  }

  private List<ReceivedSpan> trace(String traceId) throws IOException {
    Request request = new Request.Builder().url(url + OtlpReceiver.TRACES + traceId).build();
    try (Response response = http.newCall(request).execute()) {
      return json.fromJson(response.body().charStream(), SPANS);
    }
  }
}
