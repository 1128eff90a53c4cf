package io.meshclient.server;

import io.meshclient.context.HeaderSource;
import io.meshclient.policy.LocalRateLimit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One inbound request and its answer, whatever server it came by. For one thread. */
interface Exchange extends LocalRateLimit.Request {

  HeaderSource headers();

  String method();

  /** As it was sent, with its query. */
  String rawPath();

  /** Decoded, without dots and double slashes: what limits by path go by. */
  String path();

  /** The port that the request came in by. */
  int localPort();

  /** A header that the answer has already. */
  boolean hasAnswerHeader(String name);

  /** Adds a header to the answer, whoever answers. */
  void addAnswerHeader(String name, String value);

  /** Replaces a header of the answer, whoever answers. */
  void setAnswerHeader(String name, String value);

  /** Answers in the handler's place. */
  void answer(int status, String body) throws IOException;

  @Override
  default @Nullable String header(String name) {
    return switch (name) {
      case ":method" -> method();
      case ":path" -> rawPath();
      case ":authority" -> join("host");
      default -> join(name);
    };
  }

  private @Nullable String join(String name) {
    var values = headers().values(name);
    return values.isEmpty() ? null : String.join(",", values);
  }
}
