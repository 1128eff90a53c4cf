package io.meshclient.telemetry;

import io.meshclient.context.MeshContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** What a caller's B3 and Envoy headers say of sampling, whatever format the trace is read by. */
enum CallersWord {
  /** {@code x-b3-sampled: 1}, the debug flag, or {@code x-envoy-force-trace}. */
  SAMPLE,
  /** {@code x-b3-sampled: 0}. */
  LEAVE,
  /** Ids of B3 without a decision, which is left to whoever comes next. */
  DEFERRED,
  NONE;

  static CallersWord of(Context context) {
    MeshContext mesh = MeshContext.from(context);
    if (mesh.isEmpty()) {
      return NONE;
    }
    String sampled = mesh.header("x-b3-sampled");
    if (isYes(sampled)
        || "1".equals(mesh.header("x-b3-flags"))
        || mesh.header("x-envoy-force-trace") != null) {
      return SAMPLE;
    }
    if ("0".equals(sampled) || "false".equals(sampled)) {
      return LEAVE;
    }
    CallersWord single = ofSingle(mesh.header("b3"));
    if (single != NONE) {
      return single;
    }
    boolean hasIds = mesh.header("x-b3-traceid") != null && mesh.header("traceparent") == null;
    return hasIds ? DEFERRED : NONE;
  }

  private static boolean isYes(@Nullable String sampled) {
    return "1".equals(sampled) || "true".equals(sampled);
  }

  /** {@code traceid-spanid[-sampled[-parent]]}, or the decision alone. */
  private static CallersWord ofSingle(@Nullable String b3) {
    if (b3 == null) {
      return NONE;
    }
    String[] parts = b3.split("-", 4);
    String word = parts.length == 1 ? parts[0] : parts.length == 2 ? "" : parts[2];
    return switch (word) {
      case "1", "d" -> SAMPLE;
      case "0" -> LEAVE;
      case "" -> parts.length == 2 ? DEFERRED : NONE;
      default -> NONE;
    };
  }
}
