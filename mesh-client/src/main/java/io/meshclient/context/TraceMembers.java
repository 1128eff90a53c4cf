package io.meshclient.context;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tracestate} with keys that only <a
 * href="https://www.w3.org/TR/trace-context-2/#key">level 2</a> of W3C Trace Context allows, such
 * as {@code 0a} or {@code a@b@c}. OpenTelemetry's own refuses them, and with them the whole list.
 *
 * <p>Whoever reads it, an SDK, a sampler or a propagator, reads it as any other. Immutable.
 */
final class TraceMembers implements TraceState {
  private final Map<String, String> members;

  private TraceMembers(Map<String, String> members) {
    this.members = Collections.unmodifiableMap(members);
  }

  /**
   * OpenTelemetry's own state if it can hold all members, else one of these.
   *
   * @param valid as {@link TraceContextText#tracestate} gives it
   */
  static TraceState of(String valid) {
    if (valid.isEmpty()) {
      return TraceState.getDefault();
    }
    Map<String, String> members = new LinkedHashMap<>();
    for (int from = 0; from < valid.length(); ) {
      int comma = valid.indexOf(',', from);
      int to = comma < 0 ? valid.length() : comma;
      int equals = valid.indexOf('=', from);
      members.put(valid.substring(from, equals), valid.substring(equals + 1, to));
      from = to + 1;
    }
    TraceState theirs = theirs(members);
    return theirs.size() == members.size() ? theirs : new TraceMembers(members);
  }

  /** What OpenTelemetry's own state takes of them; what is put last comes first there. */
  private static TraceState theirs(Map<String, String> members) {
    List<Map.Entry<String, String>> entries = new ArrayList<>(members.entrySet());
    Collections.reverse(entries);
    TraceStateBuilder builder = TraceState.builder();
    entries.forEach(entry -> builder.put(entry.getKey(), entry.getValue()));
    return builder.build();
  }

  /** This behind those members of another state that this has not, or not with that value. */
  TraceState behind(TraceState changed) {
    List<String> keys = new ArrayList<>(changed.asMap().keySet());
    Collections.reverse(keys);
    Builder builder = new Builder(members);
    for (String key : keys) {
      String value = changed.get(key);
      if (value != null && !value.equals(members.get(key))) {
        builder.put(key, value);
      }
    }
    return builder.build();
  }

  @Override
  public @Nullable String get(String key) {
    return members.get(key);
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  public void forEach(BiConsumer<String, String> consumer) {
    members.forEach(consumer);
  }

  @Override
  public Map<String, String> asMap() {
    return members;
  }

  @Override
  public TraceStateBuilder toBuilder() {
    return new Builder(members);
  }

  /** As a list: the order of the members counts. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TraceMembers that
        && List.copyOf(members.entrySet()).equals(List.copyOf(that.members.entrySet()));
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return "TraceMembers" + members;
  }

  /** As OpenTelemetry's: what is not valid, or has no room, is not put. For one thread. */
  private static final class Builder implements TraceStateBuilder {
    private Map<String, String> members;

    Builder(Map<String, String> members) {
      this.members = new LinkedHashMap<>(members);
    }

    /** Changed members come first ("Mutating the tracestate Field"). */
    @Override
    public TraceStateBuilder put(String key, String value) {
      boolean isFull = members.size() >= TraceContextText.MOST_MEMBERS && !members.containsKey(key);
      if (isFull || !TraceContextText.isKey(key) || !TraceContextText.isValue(value)) {
        return this;
      }
      Map<String, String> changed = new LinkedHashMap<>();
      changed.put(key, value);
      members.forEach(changed::putIfAbsent);
      members = changed;
      return this;
    }

    @Override
    public TraceStateBuilder remove(String key) {
      members.remove(key);
      return this;
    }

    /** Never OpenTelemetry's own, so that a member that was removed is not taken for lost. */
    @Override
    public TraceState build() {
      return new TraceMembers(new LinkedHashMap<>(members));
    }
  }
}
