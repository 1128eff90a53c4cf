package io.meshclient;

import io.meshclient.resilience.FailsafePolicies;
import io.meshclient.resilience.FailsafeRun;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The application's Failsafe policies around all that is done for a call: each attempt runs the
 * stages behind anew, as a branch that a policy can give up.
 */
final class FailsafeStage implements Stage {
  private final DestinationSettings<FailsafePolicies<Response>> policies;
  private final Branches branches;

  FailsafeStage(StageSettings settings) {
    this.policies = settings.failsafe();
    this.branches = settings.branches();
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    FailsafePolicies<Response> own = policies.of(call);
    return own == null || !Branches.canRun(call.request)
        ? next.proceed()
        : run(call, own, new Attempts(call, next));
  }

  private static Response run(MeshCall call, FailsafePolicies<Response> policies, Attempts attempts)
      throws IOException {
    FailsafeRun<Response> run = policies.begin(attempts);
    call.events.delegate(run::cancel);
    Response handedOut = null;
    try {
      Response response = run.execute();
      if (run.isCancelled()) {
        throw new IOException("Canceled");
      }
      if (response == null) {
        throw new MeshCallException("the Failsafe policies gave null (expected: a response)", null);
      }
      handedOut = response;
      return response;
    } catch (IOException e) {
      throw run.isCancelled() ? canceled(e) : e;
    } catch (InterruptedException e) {
      throw run.isCancelled() ? canceled(e) : interrupted(e);
    } catch (CancellationException e) {
      throw run.isCancelled() ? canceled(e) : ended(e);
    } catch (Exception e) {
      throw run.isCancelled() ? canceled(e) : ended(e);
    } finally {
      attempts.closeAllBut(handedOut);
    }
  }

  private static IOException canceled(Exception cause) {
    return cause instanceof IOException same ? same : new IOException("Canceled", cause);
  }

  private static IOException interrupted(InterruptedException cause) {
    IOException failure = new InterruptedIOException("interrupted by or among Failsafe policies");
    failure.initCause(cause);
    return failure;
  }

  private static IOException ended(Exception cause) {
    return new MeshCallException("a Failsafe policy ended the call: " + cause, cause);
  }

  /** The attempts of one call, and the responses that they made. */
  private final class Attempts implements FailsafePolicies.Work<Response> {
    private final MeshCall call;
    private final Next next;
    private final MeshCall.Mark mark;
    private final List<Response> made = new ArrayList<>(1);

    Attempts(MeshCall call, Next next) {
      this.call = call;
      this.next = next;
      this.mark = call.mark();
    }

    @Override
    public FailsafePolicies.Attempt<Response> next() {
      discard();
      call.reset(mark);
      Call branch = branches.of(call, true, next);
      return new FailsafePolicies.Attempt<>() {
        @Override
        public Response run() throws IOException {
          Response response = branch.execute();
          made.add(response);
          return response;
        }

        @Override
        public void abandon() {
          branch.cancel();
        }
      };
    }

    @Override
    public void discard() {
      closeAllBut(null);
    }

    /** A response that was changed on its way out has the body that was made. */
    void closeAllBut(@Nullable Response handedOut) {
      for (Response response : made) {
        if (handedOut == null || handedOut.body() != response.body()) {
          response.close();
        }
      }
      made.clear();
    }
  }
}
