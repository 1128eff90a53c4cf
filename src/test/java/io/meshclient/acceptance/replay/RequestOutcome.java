package io.meshclient.acceptance.replay;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * How a request of a case went.
 *
 * @param request its name
 * @param ran false where an earlier request's failure ended the case
 * @param observed in the form of the expected files, empty where it did not run
 * @param differences from what was recorded
 * @param error what kept it from running, null for nothing
 */
public record RequestOutcome(
    String request, boolean ran, JsonObject observed, List<String> differences, Throwable error) {

  public static RequestOutcome compared(String request, JsonObject observed, List<String> differ) {
    return new RequestOutcome(request, true, observed, differ, null);
  }

  public static RequestOutcome broken(String request, Throwable error) {
    return new RequestOutcome(request, true, new JsonObject(), List.of(error.toString()), error);
  }

  public static RequestOutcome notRun(String request) {
    return new RequestOutcome(request, false, new JsonObject(), List.of("not run"), null);
  }

  public boolean passed() {
    return differences.isEmpty();
  }
}
