package io.meshclient.policy;

import java.util.List;

/** Header operations of one level, in Envoy's order: removals, then sets, then additions. */
public final class HeaderMutations {

  /** Where the operations are carried out. Names are in lower case. */
  public interface Target {
    void remove(String name);

    void set(String name, String value);

    void add(String name, String value);
  }

  record Operation(String name, ValueTemplate value, boolean append) {}

  static final HeaderMutations NONE = new HeaderMutations(List.of(), List.of());

  private final List<String> removals;
  private final List<Operation> operations;

  HeaderMutations(List<String> removals, List<Operation> operations) {
    this.removals = List.copyOf(removals);
    this.operations = List.copyOf(operations);
  }

  public boolean isEmpty() {
    return removals.isEmpty() && operations.isEmpty();
  }

  /** An empty value changes nothing, as in Envoy. */
  public void apply(Target target, TemplateContext context) {
    for (String name : removals) {
      target.remove(name);
    }
    for (Operation operation : operations) {
      String value = operation.value().evaluate(context);
      if (value.isEmpty()) {
        continue;
      }
      if (operation.append()) {
        target.add(operation.name(), value);
      } else {
        target.set(operation.name(), value);
      }
    }
  }

  /** These operations and those of {@code later} as one level: all removals come first. */
  HeaderMutations then(HeaderMutations later) {
    if (isEmpty()) {
      return later;
    }
    return later.isEmpty()
        ? this
        : new HeaderMutations(
            concat(removals, later.removals), concat(operations, later.operations));
  }

  private static <T> List<T> concat(List<T> first, List<T> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }

  /** One line an operation, for explanations: {@code set x-a: 1}, {@code remove x-b}. */
  public List<String> describe() {
    return java.util.stream.Stream.concat(
            removals.stream().map(name -> "remove " + name),
            operations.stream()
                .map(o -> (o.append() ? "add " : "set ") + o.name() + ": " + o.value()))
        .toList();
  }
}
