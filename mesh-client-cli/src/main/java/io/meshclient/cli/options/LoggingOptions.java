package io.meshclient.cli.options;

import picocli.CommandLine.Option;

/** How much is logged, on standard error. Read before the first logger is made. */
public final class LoggingOptions {
  private static final String LEVEL = "org.slf4j.simpleLogger.log.io.meshclient";
  private static final String DEFAULT_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  @Option(
      names = {"-v", "--verbose"},
      description = "Log each decision on standard error; twice for all there is.")
  void verbose(boolean[] times) {
    System.setProperty(LEVEL, "debug");
    if (times.length > 1) {
      System.setProperty(DEFAULT_LEVEL, "debug");
    }
  }

  /** For commands that show the configuration's problems by themselves. */
  public static void quiet() {
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, "off");
    }
  }
}
