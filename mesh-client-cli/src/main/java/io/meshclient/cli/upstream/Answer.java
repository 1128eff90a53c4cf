package io.meshclient.cli.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * What the server answered. To be closed; where its body was read to the end, the connection serves
 * another request. For one thread, but that any may {@link #close} it.
 */
public final class Answer implements AutoCloseable {
  private final AnswerHead head;
  private final InputStream body;
  private final OutputStream output;
  private final Runnable end;

  Answer(AnswerHead head, InputStream body, OutputStream output, Runnable end) {
    this.head = head;
    this.body = body;
    this.output = output;
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

  /**
   * Whether the connection goes on by the protocol that the request asked for: {@link #body} has
   * what the server says by it, {@link #output} takes what is said to it.
   */
  public boolean upgrades() {
    return head.upgrades();
  }

  /** Bytes leave when it is flushed. For one thread, which need not be the body's. */
  public OutputStream output() {
    if (!upgrades()) {
      throw new IllegalStateException("status: " + status() + " (expected: 101)");
    }
    return output;
  }

  @Override
  public void close() {
    end.run();
  }
}
