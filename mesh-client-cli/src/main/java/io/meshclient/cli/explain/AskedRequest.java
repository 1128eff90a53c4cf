package io.meshclient.cli.explain;

import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request from the command line, in curl's words. */
final class AskedRequest {

  /** OkHttp insists on a body for these. */
  private static final Set<String> WITH_BODY =
      Set.of("POST", "PUT", "PATCH", "PROPPATCH", "QUERY", "REPORT");

  private AskedRequest() {}

  /**
   * Makes the request.
   *
   * @param headers {@code name: value}; {@code name;} for an empty value, {@code name:} for none
   * @throws IllegalArgumentException with the value and what was expected
   */
  static Request of(String url, String method, List<String> headers) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null) {
      throw new IllegalArgumentException("URL: \"" + url + "\" (expected: http://host:port/path)");
    }
    @Nullable RequestBody body =
        WITH_BODY.contains(method) ? RequestBody.create(new byte[0]) : null;
    Request.Builder request = new Request.Builder().url(parsed).method(method, body);
    for (String header : headers) {
      add(request, header);
    }
    return request.build();
  }

  private static void add(Request.Builder request, String header) {
    int colon = header.indexOf(':');
    if (colon <= 0) {
      if (header.length() > 1 && header.endsWith(";")) {
        request.addHeader(header.substring(0, header.length() - 1).strip(), "");
        return;
      }
      throw new IllegalArgumentException("-H: \"" + header + "\" (expected: 'name: value')");
    }
    String name = header.substring(0, colon).strip();
    String value = header.substring(colon + 1).strip();
    if (value.isEmpty()) {
      return;
    }
    if (name.equalsIgnoreCase("Host")) {
      request.header("Host", value);
    } else {
      request.addHeader(name, value);
    }
  }
}
