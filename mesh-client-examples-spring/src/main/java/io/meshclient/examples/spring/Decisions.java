package io.meshclient.examples.spring;

import io.meshclient.Decision;
import io.meshclient.context.MeshContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for the calls under way, by request and path: Spring's clients do not tell which
 * call of OkHttp's was theirs, and WebClient's ends on another thread. It is heard in the call's
 * own context, since the calls are recorded.
 */
final class Decisions implements Consumer<Decision> {
  private final Map<String, Decision> made = new ConcurrentHashMap<>();

  @Override
  public void accept(Decision decision) {
    made.put(key(decision.path()), decision);
  }

  /** That of this request's call to a path, once. */
  @Nullable Decision take(String path) {
    return made.remove(key(path));
  }

  private static String key(String path) {
    return MeshContext.current().requestId() + " " + path;
  }
}
