package io.meshclient;

import io.meshclient.resilience.Bulkhead;
import io.meshclient.resilience.BulkheadSettings;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.function.Supplier;
import okhttp3.Response;

/**
 * The application's bulkheads: a call takes a permit until its answer's body is over, whatever
 * happens in between.
 */
final class BulkheadStage implements Stage {
  private final Limits<BulkheadSettings, Bulkhead> bulkheads;

  BulkheadStage(StageSettings settings) {
    this.bulkheads = settings.bulkheads();
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Bulkhead bulkhead = bulkheads.of(call);
    if (bulkhead == null) {
      return next.proceed();
    }
    Bulkhead.Permit permit = bulkhead.ask();
    boolean passedOn = false;
    try {
      await(call, bulkhead, permit);
      Response response = next.proceed();
      call.events.alsoOnCancel(permit::close);
      Response watched = LeasedBody.watch(response, broken -> permit.close());
      passedOn = true;
      return watched;
    } finally {
      if (!passedOn) {
        permit.close();
      }
    }
  }

  private static void await(MeshCall call, Bulkhead bulkhead, Bulkhead.Permit permit)
      throws IOException {
    if (permit.isWaiting()) {
      long most = Math.min(bulkhead.settings().maxWait().toNanos(), call.callersNanos());
      if (!call.events.waitWhile(permit::isWaiting, call.chain.call(), most)) {
        throw Thread.currentThread().isInterrupted() && !call.chain.call().isCanceled()
            ? new InterruptedIOException("interrupted while waiting for " + bulkhead.name())
            : new IOException("Canceled");
      }
    }
    if (!permit.isHeld()) {
      throw bulkhead.full();
    }
  }

  /** How bulkheads are made and told of. */
  static final class Kind implements Limits.Kind<BulkheadSettings, Bulkhead> {
    @Override
    public Bulkhead make(String name, BulkheadSettings settings) {
      return new Bulkhead(name, settings);
    }

    @Override
    public boolean isIdle(Bulkhead bulkhead) {
      return bulkhead.active() == 0 && bulkhead.waiting() == 0;
    }

    @Override
    public GuardMetrics<Bulkhead> metrics(Meter meter, Supplier<List<Bulkhead>> bulkheads) {
      return new GuardMetrics<>(meter, "mesh.bulkhead", bulkheads, Bulkhead::name)
          .counter("rejections", "Calls that a bulkhead turned away", Bulkhead::rejections)
          .level("active", "Calls that are under way", Bulkhead::active)
          .level("waiting", "Calls that wait for a permit", Bulkhead::waiting);
    }
  }
}
