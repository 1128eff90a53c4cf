package io.meshclient.examples.demo;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A row of the table: what is sent, what should come of it, and how to find out.
 *
 * @param traffic in words, with the number of requests
 */
record Check(String traffic, String expected, Step step) {
  static final String LIBRARY = "library";
  static final String SIDECAR = "sidecar";

  /** How to find out. */
  interface Step {
    /**
     * Sends the row's requests.
     *
     * @param progress hears how many requests have their answers
     */
    Result run(IntConsumer progress) throws IOException, InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param rules what decided, as the services report it; each once
   * @param by which layer did what the row is about, as the services report it
   */
  record Result(boolean ok, String observed, List<String> rules, String by) {

    /** What is the library's in any world. */
    Result(boolean ok, String observed, List<String> rules) {
      this(ok, observed, rules, LIBRARY);
    }
  }
}
