package io.meshclient;

import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Runs later stages of a call as a call of its own, so that they can be cancelled without the whole
 * ending: all that they wait for, whatever its protocol, is given up. Safe from any thread.
 */
final class Branches {
  private final SecondCalls clients;
  private final MeshClock clock;

  Branches(MeshClock clock) {
    this.clock = clock;
    this.clients = new SecondCalls(builder -> derive(builder, clock));
  }

  private static OkHttpClient derive(OkHttpClient.Builder builder, MeshClock clock) {
    builder.interceptors().add(0, new BranchInterceptor(clock));
    return builder.eventListenerFactory(Branches::events).build();
  }

  private static EventListener events(Call call) {
    BranchInterceptor.Branch branch = BranchInterceptor.branch(call.request());
    CallEvents own = branch.events().ofBranch();
    return branch.heard() ? own.plus(new EventsOfSecondCall(branch.chain())) : own;
  }

  /** Whether a request can be run so: a connection that is upgraded belongs to its first call. */
  static boolean canRun(Request request) {
    return request.header("Upgrade") == null;
  }

  /**
   * A call that runs stages, to be executed on any thread. It is up to the caller that it ends when
   * the whole does.
   *
   * @param heard whether the application's listeners hear of it: for one branch at a time
   */
  Call of(MeshCall call, boolean heard, Stage.Next stages) {
    Call first = call.chain.call();
    BranchInterceptor.Branch branch =
        new BranchInterceptor.Branch(call, call.chain, call.events, heard, stages);
    Call own =
        clients
            .within(first)
            .newCall(call.request.newBuilder().tag(BranchInterceptor.Branch.class, branch).build());
    SecondCalls.limit(own, first, clock.nanoTime() - call.chainNanos);
    return own;
  }
}
