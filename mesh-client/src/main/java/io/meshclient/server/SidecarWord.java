package io.meshclient.server;

import io.meshclient.identity.InvalidXfccException;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.Xfcc;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who called, in the words of the sidecar in front, where its word counts. Safe from any thread.
 */
final class SidecarWord {
  static final String XFCC = "x-forwarded-client-cert";
  private static final Logger log = LoggerFactory.getLogger(SidecarWord.class);

  private final @Nullable SpiffeId told;
  private final MeshFront front;
  private final Supplier<@Nullable SpiffeId> known;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param told this workload's own ID, by one who vouches that only the sidecar gets here; {@code
   *     null} to believe it where the mesh is certain
   * @param known this workload's own ID otherwise, as far as it is known
   */
  SidecarWord(@Nullable SpiffeId told, MeshFront front, Supplier<@Nullable SpiffeId> known) {
    this.told = told;
    this.front = front;
    this.known = known;
  }

  /**
   * The caller; {@code null} if nobody says, or whoever says is not to be believed.
   *
   * @throws InvalidXfccException if the one who is to be believed says what cannot be
   */
  @Nullable SpiffeId caller(ServerExchange exchange) throws InvalidXfccException {
    List<String> lines = exchange.headers().values(XFCC);
    if (lines.isEmpty() || told == null && !front.tellsCaller(exchange)) {
      return null;
    }
    SpiffeId own = told == null ? known.get() : told;
    if (own == null) {
      if (warned.compareAndSet(false, true)) {
        log.warn(
            "Callers stay unknown: the sidecar tells them, and whose sidecar it has to be is not"
                + " known (expected: sidecar(ID), an identity, or a service account's token)");
      }
      return null;
    }
    return Xfcc.caller(lines, own);
  }
}
