package io.meshclient.acceptance.conformance;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * How a request of a case went.
 *
 * @param ran false where an earlier request's failure ended the case
 * @param observed in the form of the expected files, empty where it did not run
 * @param differences from what was recorded
 * @param error what kept it from running, null for nothing
 */
record RequestOutcome(
    CaseRequest request,
    boolean ran,
    JsonObject observed,
    List<String> differences,
    Throwable error) {

  static RequestOutcome compared(CaseRequest request, JsonObject observed, List<String> differ) {
    return new RequestOutcome(request, true, observed, differ, null);
  }

  static RequestOutcome broken(CaseRequest request, Throwable error) {
    return new RequestOutcome(request, true, new JsonObject(), List.of(error.toString()), error);
  }

  static RequestOutcome notRun(CaseRequest request) {
    return new RequestOutcome(request, false, new JsonObject(), List.of("not run"), null);
  }

  boolean passed() {
    return differences.isEmpty();
  }
}
