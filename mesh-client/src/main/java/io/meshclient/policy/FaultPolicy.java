package io.meshclient.policy;

import io.meshclient.istio.GrpcStatus;
import io.meshclient.istio.VirtualService.Abort;
import io.meshclient.istio.VirtualService.Delay;
import io.meshclient.istio.VirtualService.Fault;
import io.meshclient.istio.VirtualService.Percent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Faults that a rule injects: a delay, then an abort, each for a share of the requests.
 *
 * @param delayNanos 0 for none
 * @param delayPercent of the requests, 0 to 100
 * @param abortStatus 0 for none; 200 where {@code grpcStatus} says what is wrong
 * @param grpcStatus a number of gRPC's; -1 for none
 * @param abortPercent of the requests, 0 to 100
 */
public record FaultPolicy(
    long delayNanos, double delayPercent, int abortStatus, int grpcStatus, double abortPercent) {

  /** What a rule's fault amounts to; {@code null} where nothing ever happens. */
  static @Nullable FaultPolicy of(@Nullable Fault fault) {
    if (fault == null) {
      return null;
    }
    Delay delay = fault.delay();
    double delayed = delay == null || delay.fixedDelay() == null ? 0 : percent(delay);
    Abort abort = fault.abort();
    int grpc =
        abort == null || abort.grpcStatus() == null ? -1 : GrpcStatus.number(abort.grpcStatus());
    int status = abort == null || abort.httpStatus() == null ? 0 : abort.httpStatus();
    status = grpc >= 0 ? 200 : status;
    double aborted = abort == null || status == 0 ? 0 : Shares.percent(abort.percentage(), 0);
    if (delayed == 0 && aborted == 0) {
      return null;
    }
    return new FaultPolicy(nanos(delay), delayed, status, grpc, aborted);
  }

  private static double percent(Delay delay) {
    Percent percentage = delay.percentage();
    int legacy = delay.percent() == null ? 0 : delay.percent();
    return Shares.percent(percentage, legacy);
  }

  private static long nanos(@Nullable Delay delay) {
    return delay == null || delay.fixedDelay() == null ? 0 : delay.fixedDelay().toNanos();
  }

  /** In words, for explanations: {@code delay 500 ms for 50 %}. */
  public List<String> describe() {
    List<String> words = new java.util.ArrayList<>();
    if (delayPercent > 0) {
      words.add("delay " + SettingsWords.time(delayNanos) + " for " + Shares.words(delayPercent));
    }
    if (abortPercent > 0) {
      String what =
          grpcStatus < 0 ? Integer.toString(abortStatus) : "grpc " + GrpcStatus.name(grpcStatus);
      words.add("abort with " + what + " for " + Shares.words(abortPercent));
    }
    return words;
  }
}
