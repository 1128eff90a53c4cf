package io.meshclient.bench;

/**
 * One line of a table.
 *
 * @param section what its times may be compared with
 * @param name what is measured
 * @param benchmark the JMH benchmark that measures it: its class and method
 */
record Row(Section section, String name, String benchmark) {

  /** How many iterations pass until it is compiled: of a whole call that is a lot of code. */
  int warmUps() {
    if (benchmark.startsWith("Telemetry")) {
      return 40;
    }
    return benchmark.startsWith("Sentinel") ? 15 : 3;
  }

  /** As JMH finds it: this benchmark and no other. */
  String pattern() {
    return "^" + Row.class.getPackageName().replace(".", "\\.") + "\\." + benchmark + "$";
  }
}
