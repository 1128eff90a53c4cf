package io.meshclient.acceptance.security;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A way of asking a workload under a case's configuration. For one thread. */
interface Driver extends AutoCloseable {

  /**
   * Sends a request.
   *
   * @return what came of it, in the form of the expected files
   */
  JsonObject send(Outbound request) throws IOException;

  /** What this sees that is compared wherever it was recorded, beside what the case names. */
  Set<String> compared();

  /** The keys of the expected files that this cannot know of. */
  default Set<String> unseen() {
    return Set.of();
  }

  /** What was found wrong with the configuration, for reading only. */
  List<String> problems();

  @Override
  void close() throws IOException;

  /** Makes a driver for one case. */
  interface Factory {
    Driver open(SecurityCase securityCase) throws IOException;
  }
}
