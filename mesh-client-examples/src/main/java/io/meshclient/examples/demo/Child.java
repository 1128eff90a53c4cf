package io.meshclient.examples.demo;

import io.meshclient.examples.Main;

/** One of the demo's processes: a service that ends with the demo, however that ends. */
final class Child {

  private Child() {}

  public static void main(String[] args) throws Exception {
    ProcessHandle.current().parent().ifPresent(Child::endWith);
    Main.main(args);
  }

  private static void endWith(ProcessHandle parent) {
    Thread watch =
        new Thread(
            () -> {
              parent.onExit().join();
              System.exit(1);
            },
            "the demo's end");
    watch.setDaemon(true);
    watch.start();
  }
}
