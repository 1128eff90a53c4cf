package io.meshclient.telemetry;

import io.meshclient.context.Redaction;
import org.jspecify.annotations.Nullable;

/** Headers as formats, tags and filters name them: the request's line among them. */
final class Headers {

  private Headers() {}

  /**
   * A header's value, without what is secret.
   *
   * @param name in lower case; {@code :method}, {@code :path}, {@code :authority} and {@code
   *     :scheme} of a request, {@code :status} of an answer
   */
  static @Nullable String value(RequestFacts facts, String name, boolean request) {
    if (!request) {
      return name.equals(":status") && facts.status() != 0
          ? Integer.toString(facts.status())
          : redacted(name, facts.responseHeader(name));
    }
    return switch (name) {
      case ":method" -> facts.method();
      case ":path" -> Redaction.path(facts.path());
      case ":authority", "host" -> facts.authority();
      case ":scheme" -> facts.scheme();
      default -> redacted(name, facts.requestHeader(name));
    };
  }

  private static @Nullable String redacted(String name, @Nullable String value) {
    return value != null && Redaction.isSensitive(name) ? Redaction.HIDDEN : value;
  }
}
