package io.meshclient.context;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A message's header lines, as a {@link HeaderSource} and as the request that goes out. */
record Lines(List<String[]> lines) implements HeaderSource {

  /** Name, value, name, value. */
  static Lines of(String... namesAndValues) {
    Lines lines = new Lines(new ArrayList<>());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      lines.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return lines;
  }

  void add(String name, String value) {
    lines.add(new String[] {name, value});
  }

  boolean has(String name) {
    return stream(name).findAny().isPresent();
  }

  @Override
  public Iterable<String> names() {
    return lines.stream().map(line -> line[0]).toList();
  }

  @Override
  public List<String> values(String name) {
    return stream(name).map(line -> line[1]).toList();
  }

  /** Every line as {@code name: value}, in order. */
  List<String> text() {
    return lines.stream().map(line -> line[0] + ": " + line[1]).toList();
  }

  private Stream<String[]> stream(String name) {
    return lines.stream().filter(line -> line[0].equalsIgnoreCase(name));
  }
}
