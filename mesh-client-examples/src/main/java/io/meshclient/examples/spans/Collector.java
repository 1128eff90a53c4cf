package io.meshclient.examples.spans;

import java.io.IOException;

/** A process that receives spans at a port of all addresses, until it is ended. */
public final class Collector {

  private Collector() {}

  /**
   * Never ends by itself.
   *
   * @param args the port
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    OtlpReceiver.start("0.0.0.0", Integer.parseInt(args[0])).join();
  }
}
