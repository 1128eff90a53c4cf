package io.meshclient.acceptance.security;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** A {@code mesh proxy inbound} that listens. */
interface RunningProxy extends AutoCloseable {

  InetSocketAddress address();

  /** What it has written on standard error. */
  List<String> errors() throws IOException;

  @Override
  void close();

  /** Starts one in front of one port of the workload. */
  interface Starter {
    RunningProxy start(int port, List<String> options) throws IOException;
  }
}
