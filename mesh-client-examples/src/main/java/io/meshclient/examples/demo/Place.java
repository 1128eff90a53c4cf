package io.meshclient.examples.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where a service runs: on this machine's own loopback address, or in a pod. */
interface Place {
  /** What runs a command there. */
  List<String> command(List<String> command);

  /** What its environment says of it. */
  Map<String, String> variables();

  /**
   * Where it can be reached from here.
   *
   * @param port that the service listens on
   */
  String url(int port) throws IOException, InterruptedException;
}
