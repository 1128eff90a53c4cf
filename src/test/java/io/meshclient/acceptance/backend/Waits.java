package io.meshclient.acceptance.backend;

import java.io.InterruptedIOException;
import java.time.Duration;

/** The one place where tests let real time pass: only as long as a case or a script asks. */
public final class Waits {

  private Waits() {}

  public static void pause(Duration duration) throws InterruptedIOException {
    if (duration.isZero()) {
      return;
    }
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted in a wait of " + duration);
    }
  }
}
