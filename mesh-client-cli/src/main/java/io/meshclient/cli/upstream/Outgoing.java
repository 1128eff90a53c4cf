package io.meshclient.cli.upstream;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to send. What it holds is written as it is; what has a line break or another control
 * character in it is not sent.
 *
 * @param target path and query, or {@code *}
 * @param fields all but those that say how the body is framed, and how long the connection lives;
 *     with Upgrade and its Connection where the connection may go on by another protocol
 * @param body {@code null} for none
 * @param length the body's bytes; negative where only its end will tell
 */
public record Outgoing(
    String method, String target, List<Field> fields, @Nullable InputStream body, long length) {

  public Outgoing {
    fields = List.copyOf(fields);
  }

  /** Whether the server may go on by another protocol. */
  boolean mayUpgrade() {
    return fields.stream().anyMatch(field -> field.is("upgrade"));
  }

  /** Whether it may be sent again where nobody knows if it was seen. */
  boolean isRepeatable() {
    return body == null
        && switch (method) {
          case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
          default -> false;
        };
  }
}
