package io.meshclient.acceptance.backend;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a pod's answer: {@code x-pod}, {@code x-upstream}, a JSON body, a script's headers. */
final class ResponseWriter {

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final OutputStream out;

  ResponseWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes a whole answer, or one that breaks off in the middle of its body. */
  void write(Received request, Step step) throws IOException {
    byte[] body = body(request, step);
    out.write(head(request, step, body.length).getBytes(StandardCharsets.ISO_8859_1));
    if (!request.method().equals("HEAD")) {
      out.write(body, 0, step.kind() == Step.Kind.CUT ? body.length / 2 : body.length);
    }
    out.flush();
  }

  private static byte[] body(Received request, Step step) {
    if (!hasBody(step)) {
      return new byte[0];
    }
    Map<String, String> json = new TreeMap<>();
    json.put("pod", request.pod().label());
    json.put("method", request.method());
    json.put("path", request.target());
    return GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
  }

  private static String head(Received request, Step step, int length) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("x-pod", request.pod().label()));
    headers.add(new Header("x-upstream", "real"));
    headers.addAll(step.headers());
    if (hasBody(step)) {
      headers.add(new Header("Content-Type", "application/json"));
      headers.add(new Header("Content-Length", Integer.toString(length)));
    }
    StringBuilder head = new StringBuilder("HTTP/1.1 " + step.status() + " Scripted\r\n");
    headers.forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    return head.append("\r\n").toString();
  }

  private static boolean hasBody(Step step) {
    return step.status() >= 200 && step.status() != 204 && step.status() != 304;
  }
}
