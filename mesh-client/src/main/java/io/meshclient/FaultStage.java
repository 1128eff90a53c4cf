package io.meshclient;

import io.meshclient.policy.FaultPolicy;
import java.io.IOException;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import okhttp3.Response;

/**
 * Injects the route's faults: once, before the route's time begins, whatever the tries behind do. A
 * delay ends with the caller's own time.
 */
final class FaultStage implements Stage {
  private final DoubleSupplier draws;

  /**
   * @param draws at least 0 and less than 100; not asked where all requests or none are concerned
   */
  FaultStage(DoubleSupplier draws) {
    this.draws = draws;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    FaultPolicy faults = Objects.requireNonNull(call.forward).faults();
    if (faults == null) {
      return next.proceed();
    }
    if (Draw.hits(draws, faults.delayPercent())) {
      call.flag("DI");
      long left = call.callersNanos();
      long wait = Math.min(faults.delayNanos(), left);
      call.events.pause(call.chain.call(), wait, "a fault delays the request");
      if (left <= faults.delayNanos()) {
        return RetryStage.timeout(call);
      }
    }
    if (!Draw.hits(draws, faults.abortPercent())) {
      return next.proceed();
    }
    call.flag("FI");
    return faults.grpcStatus() < 0
        ? LocalReply.of(call.original, faults.abortStatus(), LocalReply.FAULT)
        : LocalReply.grpc(call.original, faults.grpcStatus(), LocalReply.FAULT);
  }
}
