package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import org.jspecify.annotations.Nullable;

/** Hears of each request: what spans and access logs are made of. Safe from any thread. */
interface ServerWatch {

  /** Hears of nothing. */
  ServerWatch NONE = (request, started) -> (verdict, status) -> {};

  /** One request under way. */
  interface Seen {

    /**
     * Its answer is complete. Heard once.
     *
     * @param verdict {@code null} where none was asked for, or none was reached
     * @param status 0 where there was no answer
     */
    void ended(@Nullable AccessVerdict verdict, int status);
  }

  /**
   * A request has come.
   *
   * @param startedNanos by {@link System#nanoTime}
   */
  Seen begun(Inbound request, long startedNanos);
}
