package io.meshclient.context;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the headers of one inbound request one by one, within the policy's limits. */
final class Intake {

  private static final Logger log = LoggerFactory.getLogger(InboundHeaders.class);

  private final HeaderSource headers;
  private final MeshContext.Builder mesh;
  private final PropagationPolicy policy;
  private int count;
  private int length;

  Intake(HeaderSource headers, MeshContext.Builder mesh, PropagationPolicy policy) {
    this.headers = headers;
    this.mesh = mesh;
    this.policy = policy;
  }

  /** Takes all values of a header or, if any of them is unfit, none. */
  void take(String lowerName) {
    if (mesh.has(lowerName)) {
      return;
    }
    List<String> values = InboundTextMapGetter.values(headers, lowerName);
    if (lowerName.equals(HeaderRules.TRACEPARENT)) {
      values = values.stream().map(TraceContextText::trim).toList();
    }
    String problem = problem(lowerName, values);
    if (problem != null) {
      log.debug("Inbound header {} does not travel: {}", lowerName, problem);
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      mesh.addUnchecked(lowerName, values.get(i));
    }
  }

  private @Nullable String problem(String name, List<String> values) {
    int lengthWith = length;
    for (int i = 0; i < values.size(); i++) {
      String problem = HeaderRules.problem(values.get(i), policy.maxValueLength());
      if (problem != null) {
        return problem;
      }
      if (name.equals(HeaderRules.TRACEPARENT) && !TraceContextText.isForwarded(values.get(i))) {
        return "malformed (expected: as W3C Trace Context has it, section 3.2.2)";
      }
      lengthWith += name.length() + values.get(i).length();
    }
    if (count + values.size() > policy.maxHeaders()) {
      return "headers so far " + count + " (expected: <= " + policy.maxHeaders() + " in all)";
    }
    if (lengthWith > policy.maxTotalLength()) {
      return "total length " + lengthWith + " (expected: <= " + policy.maxTotalLength() + ")";
    }
    count += values.size();
    length = lengthWith;
    return null;
  }
}
