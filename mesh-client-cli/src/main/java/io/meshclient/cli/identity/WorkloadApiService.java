package io.meshclient.cli.identity;

import io.meshclient.identity.JwtSvid;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The SPIFFE Workload API of a local authority. Callers are not told apart: whoever can open the
 * socket gets every identity, and picks his.
 */
final class WorkloadApiService {
  private static final String SERVICE = "/SpiffeWorkloadAPI/";

  private final IssuedIdentities issued;

  WorkloadApiService(IssuedIdentities issued) {
    this.issued = issued;
  }

  Map<String, GrpcServer.Method> methods() {
    return Map.of(
        SERVICE + "FetchX509SVID", call -> stream(call, this::x509Svids),
        SERVICE + "FetchX509Bundles", call -> stream(call, this::x509Bundles),
        SERVICE + "FetchJWTBundles", call -> stream(call, this::jwtBundles),
        SERVICE + "FetchJWTSVID", this::jwtSvids,
        SERVICE + "ValidateJWTSVID", this::validate);
  }

  private interface Answer {
    byte[] make() throws GrpcFault;
  }

  /** The answer as it is, and again whenever it is another one. */
  private void stream(GrpcExchange call, Answer answer)
      throws IOException, GrpcFault, InterruptedException {
    request(call);
    AtomicBoolean gone = new AtomicBoolean();
    call.onGone(
        () -> {
          gone.set(true);
          issued.touch();
        });
    byte[] sent = null;
    while (!gone.get() && !issued.isClosed()) {
      long version = issued.version();
      byte[] next = answer.make();
      if (!Arrays.equals(next, sent)) {
        call.write(next);
        sent = next;
      }
      if (!gone.get()) {
        issued.awaitOther(version);
      }
    }
  }

  private byte[] x509Svids() throws GrpcFault {
    List<WorkloadIdentity> all = issued.all();
    if (all.isEmpty()) {
      throw new GrpcFault(GrpcFault.PERMISSION_DENIED, "no identity issued");
    }
    return WorkloadApiAnswers.x509Svids(all, issued.authority().bundles());
  }

  private byte[] x509Bundles() {
    return WorkloadApiAnswers.x509Bundles(issued.authority().bundles());
  }

  private byte[] jwtBundles() {
    return WorkloadApiAnswers.jwtBundles(issued.authority().bundles());
  }

  private void jwtSvids(GrpcExchange call) throws IOException, GrpcFault {
    TextFields request = request(call);
    List<String> audiences = request.all(1);
    String wanted = request.last(2);
    LocalAuthority authority = issued.authority();
    List<JwtSvid> svids = new ArrayList<>();
    for (WorkloadIdentity identity : issued.all()) {
      SpiffeId id = identity.svid().id();
      if (wanted.isEmpty() || wanted.equals(id.toString())) {
        try {
          svids.add(authority.issueToken(id, audiences));
        } catch (IllegalArgumentException e) {
          throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "an audience that cannot be");
        }
      }
    }
    if (svids.isEmpty()) {
      throw new GrpcFault(GrpcFault.PERMISSION_DENIED, "no identity issued");
    }
    call.write(WorkloadApiAnswers.jwtSvids(svids));
  }

  private void validate(GrpcExchange call) throws IOException, GrpcFault {
    TextFields request = request(call);
    String audience = request.last(1);
    if (audience.isEmpty()) {
      throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "no audience");
    }
    try {
      JwtSvid svid =
          JwtSvid.verify(
              request.last(2), List.of(audience), issued.authority().bundles(), Clock.systemUTC());
      call.write(WorkloadApiAnswers.validated(svid));
    } catch (SvidRejectedException e) {
      throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "token refused: " + e.reason());
    }
  }

  /** Without the header it may be that somebody else was talked into asking. */
  private static TextFields request(GrpcExchange call) throws IOException, GrpcFault {
    if (!"true".equals(call.header("workload.spiffe.io"))) {
      throw new GrpcFault(
          GrpcFault.INVALID_ARGUMENT, "workload.spiffe.io: missing (expected: true)");
    }
    byte[] message = call.read();
    if (message == null) {
      throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "no request");
    }
    return TextFields.read(message);
  }
}
