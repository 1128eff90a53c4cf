package io.meshclient;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Where a branch begins: runs its stages on the branch's own chain. */
final class BranchInterceptor implements Interceptor {

  /**
   * What a branch does.
   *
   * @param chain that of the call it is a part of
   * @param events of that call
   * @param heard whether the listeners of that call hear of it
   */
  record Branch(MeshCall call, Chain chain, CallEvents events, boolean heard, Stage.Next stages) {}

  private final MeshClock clock;

  BranchInterceptor(MeshClock clock) {
    this.clock = clock;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Branch branch = branch(chain.request());
    return branch.call.within(
        SecondCalls.withSettings(chain, branch.chain),
        CallEvents.of(chain.call()),
        clock.nanoTime(),
        branch.stages);
  }

  static Branch branch(Request request) {
    Branch branch = request.tag(Branch.class);
    if (branch == null) {
      throw new IllegalStateException("a call without its branch (expected: one of Branches)");
    }
    return branch;
  }
}
