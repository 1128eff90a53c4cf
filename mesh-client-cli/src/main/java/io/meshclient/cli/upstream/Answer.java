package io.meshclient.cli.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What the server answered. To be closed; where its body was read to the end, the connection serves
 * another request. For one thread, but that any may {@link #close} it.
 */
public final class Answer implements AutoCloseable {
  private final AnswerHead head;
  private final InputStream body;
  private final Runnable end;

  Answer(AnswerHead head, InputStream body, Runnable end) {
    this.head = head;
    this.body = body;
    this.end = end;
  }

  public int status() {
    return head.status();
  }

  /** In order, without those that frame the body. */
  public List<Field> fields() {
    return head.fields();
  }

  /** Those of the connection's fields that name others, in order. */
  public List<String> connection() {
    return head.connection();
  }

  /** The body's bytes as announced; negative where only its end tells. */
  public long length() {
    return head.length();
  }

  /** The body; reading it throws an {@link IOException} where it breaks off. */
  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    end.run();
  }
}
