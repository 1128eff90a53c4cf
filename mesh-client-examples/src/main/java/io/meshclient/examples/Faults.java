package io.meshclient.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a service answer badly, for demonstrations: as long as a file says {@code 503}, requests
 * get that status; while it says {@code delay 4000}, they wait so many milliseconds first. An empty
 * or absent file means no fault. A file, because no request from outside can write one.
 */
final class Faults {
  private static final Logger log = LoggerFactory.getLogger(Faults.class);
  private static final String DELAY = "delay ";

  private final @Nullable Path file;

  private Faults(@Nullable Path file) {
    this.file = file;
  }

  /**
   * @param path empty for no faults ever
   */
  static Faults of(String path) {
    return new Faults(path.isEmpty() ? null : Path.of(path));
  }

  /**
   * Waits if it has to, and says so in the log.
   *
   * @param request in words
   * @return the status to answer with; 0 for the service's own answer
   */
  int next(String request) throws IOException {
    String fault = file == null ? "" : read(file).strip();
    if (fault.isEmpty()) {
      return 0;
    }
    log.warn("Fault: {} for {}", fault, request);
    try {
      if (fault.startsWith(DELAY)) {
        Thread.sleep(Long.parseLong(fault.substring(DELAY.length()).strip()));
        return 0;
      }
      int status = Integer.parseInt(fault);
      if (status >= 400 && status <= 599) {
        return status;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 503;
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException(
        "fault: \"" + fault + "\" (expected: a status of 400..599, or delay MILLISECONDS)");
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
