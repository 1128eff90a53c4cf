package io.meshclient;

import io.meshclient.policy.HeaderMutations;
import java.util.List;
import okhttp3.Headers;
import okhttp3.Response;

/** Carries header operations out on OkHttp headers. */
record HeaderTarget(Headers.Builder headers) implements HeaderMutations.Target {

  /** The request's headers after the operations: values see what was done before them. */
  static Headers ofRequest(MeshCall call, List<HeaderMutations> levels) {
    HeaderTarget target = new HeaderTarget(call.request.headers().newBuilder());
    for (HeaderMutations level : levels) {
      level.remove(target);
      if (level.speaksOfCalls()) {
        call.sees(target.headers.build());
      }
      level.write(target, call);
    }
    return target.headers.build();
  }

  /** The answer's headers after the operations: values see the request as it was sent. */
  static Headers ofAnswer(MeshCall call, Response answer, List<HeaderMutations> levels) {
    HeaderTarget target = new HeaderTarget(answer.headers().newBuilder());
    call.answer(answer);
    if (levels.stream().anyMatch(HeaderMutations::speaksOfCalls)) {
      call.sees(call.request.headers());
    }
    for (HeaderMutations level : levels) {
      level.remove(target);
      level.write(target, call);
    }
    return target.headers.build();
  }

  @Override
  public void remove(String name) {
    headers.removeAll(name);
  }

  @Override
  public void set(String name, String value) {
    headers.removeAll(name);
    headers.addUnsafeNonAscii(name, value);
  }

  @Override
  public void add(String name, String value) {
    headers.addUnsafeNonAscii(name, value);
  }
}
