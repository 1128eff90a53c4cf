package io.meshclient.examples.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The user's side: plain HTTP to web, as from a browser. */
final class Front {
  private static final Duration HEALTHY = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int AT_ONCE = 16;

  /** What web answered. */
  record Answer(int status, JsonObject json, Duration took) {
    /** How web called order-service. */
    Call order() {
      return call("order");
    }

    /** How web had order-service pay. */
    Call pay() {
      return call("pay");
    }

    /** How payment-service was called, by whom it was. */
    Call payment() {
      return call("payment");
    }

    private Call call(String name) {
      return json.has(name) ? Call.of(json.getAsJsonObject(name)) : Call.NONE;
    }
  }

  /** By name, where the address alone does not lead there: behind sidecars names do. */
  private static final String HOST = "web:8080";

  private final OkHttpClient http =
      new OkHttpClient.Builder()
          .connectTimeout(Duration.ofSeconds(15))
          .readTimeout(ANSWER)
          .callTimeout(ANSWER)
          .build();
  private final String url;

  Front(String url) {
    this.url = url;
  }

  Answer get(String path, Map<String, String> headers) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Response response = send(path, headers)) {
      String body = response.body().string();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new Answer(response.code(), json(body), took);
    }
  }

  private static JsonObject json(String body) throws IOException {
    try {
      return JsonParser.parseString(body).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("web answered " + body + " (expected: JSON)", e);
    }
  }

  /** Many at once, the headers by their number; the answers come in any order. */
  List<Answer> getAll(
      String path, int requests, IntFunction<Map<String, String>> headers, IntConsumer progress)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      ExecutorCompletionService<Answer> calls = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < requests; i++) {
        Map<String, String> these = headers.apply(i);
        calls.submit(() -> get(path, these));
      }
      List<Answer> answers = new ArrayList<>(requests);
      while (answers.size() < requests) {
        answers.add(calls.take().get());
        progress.accept(answers.size());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IOException("web did not answer: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Waits until web says that it is well. */
  void awaitHealthy() throws InterruptedException {
    long until = System.nanoTime() + HEALTHY.toNanos();
    String last = "";
    while (System.nanoTime() < until) {
      try (Response response = send("/health", Map.of())) {
        if (response.code() == 200) {
          return;
        }
        last = "status " + response.code();
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(50);
    }
    throw new DemoException("web is not well after " + HEALTHY.toSeconds() + " s: " + last);
  }

  private Response send(String path, Map<String, String> headers) throws IOException {
    Request.Builder request = new Request.Builder().url(url + path).header("Host", HOST);
    headers.forEach(request::header);
    return http.newCall(request.build()).execute();
  }
}
