package io.meshclient.policy;

import java.util.List;
import java.util.stream.Stream;

/** Header operations of one level, in Envoy's order: removals, then sets, then additions. */
public final class HeaderMutations {

  /** Where the operations are carried out. Names are in lower case. */
  public interface Target {
    void remove(String name);

    void set(String name, String value);

    void add(String name, String value);
  }

  record Operation(String name, ValueTemplate value, boolean append) {}

  /**
   * A header that is written.
   *
   * @param name in lower case
   * @param value as configured, with Envoy's command operators
   * @param append whether it stands beside what is there
   */
  public record Written(String name, String value, boolean append) {}

  static final HeaderMutations NONE = new HeaderMutations(List.of(), List.of());

  private final List<String> removals;
  private final List<Operation> operations;
  private final boolean speaksOfCalls;

  HeaderMutations(List<String> removals, List<Operation> operations) {
    this.removals = List.copyOf(removals);
    this.operations = List.copyOf(operations);
    this.speaksOfCalls = operations.stream().anyMatch(operation -> !operation.value().isConstant());
  }

  /** The names of the headers that are taken off, in lower case. */
  public List<String> removals() {
    return removals;
  }

  /** What is written, in the order of the configuration. */
  public List<Written> written() {
    return operations.stream()
        .map(o -> new Written(o.name(), o.value().toString(), o.append()))
        .toList();
  }

  public boolean isEmpty() {
    return removals.isEmpty() && operations.isEmpty();
  }

  /** Whether a value depends on the call. */
  public boolean speaksOfCalls() {
    return speaksOfCalls;
  }

  /** The removals, which come before values are made out. */
  public void remove(Target target) {
    removals.forEach(target::remove);
  }

  /** The sets, then the additions. An empty value changes nothing, as in Envoy. */
  public void write(Target target, TemplateContext context) {
    String[] values = new String[operations.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = operations.get(i).value().evaluate(context);
    }
    for (int i = 0; i < values.length; i++) {
      if (!operations.get(i).append() && !values[i].isEmpty()) {
        target.set(operations.get(i).name(), values[i]);
      }
    }
    for (int i = 0; i < values.length; i++) {
      if (operations.get(i).append() && !values[i].isEmpty()) {
        target.add(operations.get(i).name(), values[i]);
      }
    }
  }

  /** These operations and those of {@code later} as one level: removals, sets, additions. */
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
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** One line an operation, for explanations: {@code set x-a: 1}, {@code remove x-b}. */
  public List<String> describe() {
    return Stream.concat(
            removals.stream().map(name -> "remove " + name),
            operations.stream()
                .map(o -> (o.append() ? "add " : "set ") + o.name() + ": " + o.value()))
        .toList();
  }
}
