package io.meshclient.policy;

import io.meshclient.istio.HttpRoute.Header;
import io.meshclient.istio.HttpRoute.HeaderModifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles Gateway API's header modifiers. */
final class GatewayHeaders {

  private GatewayHeaders() {}

  static HeaderMutations compile(@Nullable HeaderModifier modifier) {
    if (modifier == null) {
      return HeaderMutations.NONE;
    }
    List<HeaderMutations.Operation> operations = new ArrayList<>();
    for (Header header : modifier.set()) {
      operations.add(operation(header, false));
    }
    for (Header header : modifier.add()) {
      operations.add(operation(header, true));
    }
    return new HeaderMutations(modifier.remove().stream().map(Names::lower).toList(), operations);
  }

  private static HeaderMutations.Operation operation(Header header, boolean append) {
    return new HeaderMutations.Operation(
        Names.lower(header.name()), template(header.value()), append);
  }

  /** Gateway API knows no operators, but Istio hands the value to Envoy, which carries them out. */
  private static ValueTemplate template(String value) {
    try {
      return ValueTemplate.compile(value);
    } catch (IllegalArgumentException e) {
      return ValueTemplate.literal(value);
    }
  }
}
