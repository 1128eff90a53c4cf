package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What has to hold together, of who calls or of what is called: Envoy names the two differently.
 */
final class Side {

  private final String and;
  private final String or;
  private final String list;
  private final String not;
  private final List<Object> parts = new ArrayList<>();

  Side(String and, String or, String list, String not) {
    this.and = and;
    this.or = or;
    this.list = list;
    this.not = not;
  }

  Side copy() {
    Side copy = new Side(and, or, list, not);
    copy.parts.addAll(parts);
    return copy;
  }

  /** One of the values has to hold, and none of the others. */
  void add(
      Object fields, String values, String notValues, Function<List<String>, List<Object>> of) {
    List<String> wanted = Js.strings(fields, values);
    if (!wanted.isEmpty()) {
      parts.add(any(of.apply(wanted)));
    }
    List<String> unwanted = Js.strings(fields, notValues);
    if (!unwanted.isEmpty()) {
      parts.add(Js.object(not, any(of.apply(unwanted))));
    }
  }

  Map<String, Object> all() {
    List<Object> all = parts.isEmpty() ? List.of(Js.object("any", true)) : List.copyOf(parts);
    return Js.object(and, Js.object(list, all));
  }

  private Map<String, Object> any(List<Object> alternatives) {
    return Js.object(or, Js.object(list, alternatives));
  }
}
