package io.meshclient.policy;

import io.meshclient.istio.VirtualService.HeaderOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compiles header operations; the Host header is not among them, setting it is a rewrite. */
final class HeaderOperationsCompiler {

  private HeaderOperationsCompiler() {}

  /** The values have been checked: see {@link EngineChecks}. */
  static HeaderMutations compile(@Nullable HeaderOperations operations) {
    if (operations == null) {
      return HeaderMutations.NONE;
    }
    List<HeaderMutations.Operation> compiled = new ArrayList<>();
    add(compiled, operations.set(), false);
    add(compiled, operations.add(), true);
    List<String> removals =
        operations.remove().stream().map(Names::lower).filter(n -> !isInternal(n)).toList();
    return new HeaderMutations(removals, compiled);
  }

  /**
   * What a {@code set} of Host or {@code :authority}, else an {@code add}, rewrites the authority
   * to, if there is one.
   */
  static @Nullable String hostRewrite(@Nullable HeaderOperations operations) {
    if (operations == null) {
      return null;
    }
    String set = authority(operations.set());
    return set == null ? authority(operations.add()) : set;
  }

  private static @Nullable String authority(Map<String, String> values) {
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String name = Names.lower(entry.getKey());
      if ((name.equals("host") || name.equals(":authority")) && !entry.getValue().isEmpty()) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static void add(
      List<HeaderMutations.Operation> compiled, Map<String, String> values, boolean append) {
    for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
      String name = Names.lower(entry.getKey());
      if (!isInternal(name)) {
        ValueTemplate value = ValueTemplate.compile(entry.getValue());
        compiled.add(new HeaderMutations.Operation(name, value, append));
      }
    }
  }

  private static boolean isInternal(String name) {
    return name.equals("host") || name.startsWith(":");
  }
}
