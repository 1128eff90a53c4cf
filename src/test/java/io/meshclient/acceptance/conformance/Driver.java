package io.meshclient.acceptance.conformance;

import java.util.List;

/**
 * A way of sending a case's requests under its configuration, from within the process or from
 * outside. Used by several threads at once where a request is sent in parallel.
 */
interface Driver extends AutoCloseable {

  /** Sends a request and reads the whole answer. A call that fails is an answer too. */
  Answer send(Outgoing request);

  /** What was found wrong with the configuration, for reading only. */
  List<String> problems();

  @Override
  void close();

  /** Makes a driver for one case. */
  interface Factory {
    Driver open(ConformanceCase conformanceCase);
  }
}
