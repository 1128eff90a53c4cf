package io.meshclient;

import io.meshclient.policy.HeaderMutations;
import java.util.List;
import okhttp3.Headers;

/** Carries header operations out on OkHttp headers. */
record HeaderTarget(Headers.Builder headers) implements HeaderMutations.Target {

  static Headers mutate(Headers headers, List<HeaderMutations> levels, MeshCall call) {
    if (levels.isEmpty()) {
      return headers;
    }
    HeaderTarget target = new HeaderTarget(headers.newBuilder());
    for (HeaderMutations level : levels) {
      level.apply(target, call);
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
