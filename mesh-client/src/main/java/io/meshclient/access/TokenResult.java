package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of looking for tokens. Immutable. */
sealed interface TokenResult {

  /**
   * A token is not good, or one of the wrong kind.
   *
   * @param reason for the log, without any of the token; not for the answer
   */
  record Refused(int status, String body, List<HeaderLine> headers, String reason)
      implements TokenResult {
    public Refused {
      requireNonNull(body, "body");
      requireNonNull(reason, "reason");
      headers = List.copyOf(headers);
    }
  }

  /**
   * There was no token to refuse.
   *
   * @param token the one that counts for policies; {@code null} without one
   * @param changes their target is {@code null} unless a token was taken out of it
   */
  record Passed(@Nullable VerifiedToken token, RequestChanges changes) implements TokenResult {
    static final Passed WITHOUT_TOKEN = new Passed(null, RequestChanges.NONE);

    public Passed {
      requireNonNull(changes, "changes");
    }
  }
}
