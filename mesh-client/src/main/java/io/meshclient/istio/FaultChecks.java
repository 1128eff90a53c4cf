package io.meshclient.istio;

import org.jspecify.annotations.Nullable;

/** What Istio refuses of a fault. */
final class FaultChecks {
  private FaultChecks() {}

  static void check(VirtualService.HttpRule rule, NodePath rulePath, Faults faults) {
    VirtualService.Fault fault = rule.fault();
    if (fault == null) {
      return;
    }
    NodePath path = rulePath.to("fault");
    if (rule.redirect() != null || rule.directResponse() != null) {
      String other = rule.redirect() != null ? "redirect" : "directResponse";
      String shown = "fault and " + other + " (expected: one of both)";
      faults.error(Code.CONTRADICTION, rulePath, shown);
    }
    if (fault.delay() == null && fault.abort() == null) {
      faults.error(Code.MISSING, path, "empty (expected: delay or abort)");
    }
    grpcStatus(fault.abort(), path.to("abort").to("grpcStatus"), faults);
  }

  private static void grpcStatus(
      VirtualService.@Nullable Abort abort, NodePath path, Faults faults) {
    String status = abort == null ? null : abort.grpcStatus();
    if (status != null && GrpcStatus.number(status) < 0) {
      faults.error(
          Code.UNKNOWN_VALUE,
          path,
          '"'
              + Values.printable(status)
              + "\" (expected: a status of gRPC, such as UNAVAILABLE)"
              + Near.hint(status, GrpcStatus.names()));
    }
  }
}
