package io.meshclient.acceptance.conformance;

import com.google.gson.Gson;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.backend.Header;
import io.meshclient.acceptance.backend.Received;
import io.meshclient.acceptance.backend.Waits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Sends all repetitions of one request of a case. */
final class RequestReplay {

  private static final AtomicLong IDS = new AtomicLong();
  private static final Gson GSON = new Gson();

  private final CaseRequest request;
  private final Driver driver;
  private final Backends backends;
  private final Cookies cookies = new Cookies();

  RequestReplay(CaseRequest request, Driver driver, Backends backends) {
    this.request = request;
    this.driver = driver;
    this.backends = backends;
  }

  List<Exchange> run() throws IOException, InterruptedException, ExecutionException {
    Waits.pause(request.delay());
    List<Sent> sent = request.parallel() == 0 ? oneByOne() : atOnce();
    Waits.pause(request.linger());
    return sent.stream().map(this::withRecords).toList();
  }

  private List<Sent> oneByOne() throws IOException {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < request.times(); i++) {
      sent.add(send(i));
      Waits.pause(request.pause());
    }
    return sent;
  }

  private List<Sent> atOnce() throws InterruptedException, ExecutionException {
    ExecutorService callers = Executors.newFixedThreadPool(request.parallel());
    try {
      List<Future<Sent>> calls = new ArrayList<>();
      for (int i = 0; i < request.times(); i++) {
        int index = i;
        calls.add(callers.submit(() -> send(index)));
      }
      List<Sent> sent = new ArrayList<>();
      for (Future<Sent> call : calls) {
        sent.add(call.get());
      }
      return sent;
    } finally {
      callers.shutdownNow();
    }
  }

  private Sent send(int index) {
    String id = "call-" + IDS.incrementAndGet();
    int key = request.key(index);
    Outgoing outgoing = outgoing(index, key, id);
    long start = System.nanoTime();
    Answer answer = driver.send(outgoing);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (request.jar()) {
      cookies.keep(key, answer.headers());
    }
    return new Sent(id, key, answer, took);
  }

  private Outgoing outgoing(int index, int key, String id) {
    String url = filled(request.url(), index, key);
    List<Header> headers = new ArrayList<>();
    if (Header.first(request.headers(), "host").isEmpty()) {
      headers.add(new Header("Host", authority(url)));
    }
    request
        .headers()
        .forEach(h -> headers.add(new Header(h.name(), filled(h.value(), index, key))));
    headers.addAll(cookies.header(key));
    headers.add(new Header("x-test-id", id));
    if (request.script() != null) {
      headers.add(new Header("x-test-script", request.script()));
    }
    if (!request.pods().isEmpty()) {
      headers.add(new Header("x-test-pods", GSON.toJson(request.pods())));
    }
    byte[] body = request.body() == null ? null : request.body().getBytes(StandardCharsets.UTF_8);
    return new Outgoing(request.method(), url, headers, body, request.timeout());
  }

  /** As written, where a URL type would fold case and drop a default port. */
  private static String authority(String url) {
    String rest = url.substring(url.indexOf("://") + 3);
    return rest.split("[/?#]", 2)[0];
  }

  private static String filled(String template, int index, int key) {
    return template.replace("{i}", Integer.toString(index)).replace("{k}", Integer.toString(key));
  }

  private Exchange withRecords(Sent sent) {
    var byKind =
        backends.take(sent.id()).stream()
            .collect(
                Collectors.partitioningBy(
                    (Received received) -> request.mirrorTo().contains(received.pod().group())));
    return new Exchange(
        sent.key(), sent.answer(), sent.took(), byKind.get(false), byKind.get(true));
  }

  private record Sent(String id, int key, Answer answer, Duration took) {}
}
