package io.meshclient.server;

import java.io.IOException;

/** Decides whether a request goes on to the handler. */
@FunctionalInterface
interface Guard {

  /**
   * Looks at a request; answers it in the handler's place if it does not go on.
   *
   * @return whether it goes on
   */
  boolean admits(Inbound request) throws IOException;
}
