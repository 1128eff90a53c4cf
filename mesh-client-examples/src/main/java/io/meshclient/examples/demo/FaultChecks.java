package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import io.meshclient.examples.demo.Front.Answer;
import io.meshclient.mesh.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** What callers notice of a slow pod and of failing ones. */
final class FaultChecks {
  private static final int REQUESTS = 200;

  /** The guide's consecutive5xxErrors of payment-service. */
  private static final int EJECTED_AFTER = 3;

  /** One of two pods is slow: that none of so many requests meets it happens to nobody. */
  private static final int SLOW_REQUESTS = 100;

  private final Front front;
  private final Fleet fleet;

  FaultChecks(Front front, Fleet fleet) {
    this.front = front;
    this.fleet = fleet;
  }

  List<Check> all() {
    return List.of(
        new Check(
            "1 with 4 s at order-service-v1-1",
            "cut after 3 s, retried, 200",
            progress -> whileFaulty(Fleet.ORDER_V1, "delay 4000", () -> slow(progress))),
        new Check(
            REQUESTS + " with 503s of " + Fleet.ORDER_V1,
            "retried, >= 99 % answered 200",
            progress -> failing(Fleet.ORDER_V1, Expected.RETRIED, progress)),
        new Check(
            REQUESTS + " with 503s of " + Fleet.PAYMENT,
            "ejected after " + EJECTED_AFTER + ", >= 98 % with 200",
            progress -> failing(Fleet.PAYMENT, Expected.EJECTED, progress)));
  }

  /** Only one of the two is slow: requests are sent until one has met it, and once. */
  private Result slow(IntConsumer progress) throws IOException, InterruptedException {
    ServiceProcess slow = fleet.pod(Fleet.ORDER_V1);
    for (int sent = 1; sent <= SLOW_REQUESTS; sent++) {
      progress.accept(sent);
      long before = slow.faults();
      Answer answer = front.get("/checkout", Map.of());
      // Twice, where a retry looked in vain for the other pod: then another request is sent.
      if (slow.faults() == before + 1) {
        Call order = slower(answer.order(), answer.pay());
        long millis = order.micros() / 1000;
        // That another pod answered is what shows it; the machine may add to the time.
        boolean cut = millis >= 2_900 && millis < 9_000 && !order.pod().equals(slow.pod());
        return new Result(
            cut && answer.status() == 200,
            "%d by %s after %d ms".formatted(answer.status(), order.pod(), millis),
            List.of(order.rule()),
            order.by(Capability.TIMEOUTS));
      }
    }
    return new Result(false, "none of " + SLOW_REQUESTS + " met it once", List.of());
  }

  private static Call slower(Call one, Call other) {
    return one.micros() >= other.micros() ? one : other;
  }

  /**
   * What has to come of a pod that fails.
   *
   * @param percent how many requests have to be answered well. Not all: a retry looks five times at
   *     random for an endpoint that was not tried, and may find none of two.
   * @param most how many tries may meet the pod
   * @param headers of the requests
   * @param call to the pod's service
   * @param capability what keeps callers from noticing
   */
  private record Expected(
      int percent,
      int most,
      Map<String, String> headers,
      Function<Answer, Call> call,
      Capability capability) {
    /** Each request calls order-service twice. */
    static final Expected RETRIED =
        new Expected(99, 2 * REQUESTS, Map.of(), Answer::order, Capability.RETRIES);

    /** Each caller ejects by itself, so payments go by one. */
    static final Expected EJECTED =
        new Expected(
            98, EJECTED_AFTER, Fleet.BY_ONE_ORDER_POD, Answer::payment, Capability.EJECTION);
  }

  /** One after the other, so that both pods are equally likely for every try. */
  private Result failing(String pod, Expected expected, IntConsumer progress)
      throws IOException, InterruptedException {
    return whileFaulty(pod, "503", () -> failing(fleet.pod(pod), expected, progress));
  }

  private Result failing(ServiceProcess failing, Expected expected, IntConsumer progress)
      throws IOException, InterruptedException {
    int good = 0;
    long before = failing.faults();
    Set<String> rules = new TreeSet<>();
    Set<String> by = new TreeSet<>();
    for (int sent = 1; sent <= REQUESTS; sent++) {
      Answer answer = front.get("/checkout", expected.headers());
      Call made = expected.call().apply(answer);
      good += answer.status() == 200 ? 1 : 0;
      rules.add(made.rule());
      by.add(made.by(expected.capability()));
      progress.accept(sent);
    }
    long met = failing.faults() - before;
    return new Result(
        met > 0 && met <= expected.most() && good * 100 >= expected.percent() * REQUESTS,
        "tries that met it: " + met + ", answered 200: " + good,
        new ArrayList<>(rules),
        String.join(", ", by));
  }

  private Result whileFaulty(String pod, String fault, Body body)
      throws IOException, InterruptedException {
    fleet.pod(pod).fault(fault);
    try {
      return body.run();
    } finally {
      fleet.pod(pod).fault("");
    }
  }

  private interface Body {
    Result run() throws IOException, InterruptedException;
  }
}
