package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers that travel with a request, from the one that came in to those that it causes.
 *
 * <p>Kept in OpenTelemetry's {@link Context}, so it goes wherever that goes. An inbound adapter
 * fills it; a program that starts a request by itself, such as a batch job, makes its own:
 *
 * <pre>{@code
 * try (Scope scope = MeshContext.current().with("x-canary", "true").makeCurrent()) {
 *   orders.send();
 * }
 * }</pre>
 *
 * <p>Names ignore case and are kept in lower case, in the order of their arrival; a header may have
 * several values. Names are tokens and values visible ASCII, space and tab (RFC 9110, section 5);
 * headers that belong to one connection or message are refused.
 *
 * <p>Immutable, and safe from any thread. {@link #toString()} shows names and no values.
 */
public final class MeshContext {

  /** The longest value that an application can set, in characters. */
  static final int MAX_VALUE_LENGTH = 8 * 1024;

  private static final ContextKey<MeshContext> KEY = ContextKey.named("io.meshclient.context");
  private static final MeshContext EMPTY = new MeshContext(new String[0], Context.root());

  /** Name, value, name, value: one pair for each value, in order. */
  private final String[] lines;

  /** Has the span and baggage that were read from these same headers; no part of equality. */
  private final Context origin;

  private MeshContext(String[] lines, Context origin) {
    this.lines = lines;
    this.origin = origin;
  }

  /** A context without headers. */
  public static MeshContext empty() {
    return EMPTY;
  }

  /** The one in {@link Context#current()}, else {@link #empty()}. */
  public static MeshContext current() {
    return from(Context.current());
  }

  /** The one in {@code context}, else {@link #empty()}. */
  public static MeshContext from(Context context) {
    MeshContext stored = requireNonNull(context, "context").get(KEY);
    return stored == null ? EMPTY : stored;
  }

  /** A builder without headers. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with these headers. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.lines.addAll(Arrays.asList(lines));
    builder.origin = origin;
    return builder;
  }

  /** {@code context} with this in it. */
  public Context storeIn(Context context) {
    return requireNonNull(context, "context").with(KEY, this);
  }

  /**
   * Makes {@link Context#current()} with this in it the thread's context.
   *
   * @return to be closed on the same thread, which brings back the context of before
   */
  @SuppressWarnings("MustBeClosedChecker") // the caller closes it
  public Scope makeCurrent() {
    return storeIn(Context.current()).makeCurrent();
  }

  /**
   * This with one header set, in place of any of that name.
   *
   * @throws IllegalArgumentException as {@link Builder#set} does
   */
  public MeshContext with(String name, String value) {
    return toBuilder().set(name, value).build();
  }

  /** This if it has a request id, else this with a new one, a random UUID. */
  public MeshContext withRequestId() {
    return requestId() != null ? this : with(HeaderRules.REQUEST_ID, RequestIds.next());
  }

  /** The first value of a header, or null if there is none. */
  public @Nullable String header(String name) {
    requireNonNull(name, "name");
    for (int i = 0; i < lines.length; i += 2) {
      if (lines[i].equalsIgnoreCase(name)) {
        return lines[i + 1];
      }
    }
    return null;
  }

  /** All values of a header in order, immutable; empty if there are none. */
  public List<String> values(String name) {
    requireNonNull(name, "name");
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < lines.length; i += 2) {
      if (lines[i].equalsIgnoreCase(name)) {
        values.add(lines[i + 1]);
      }
    }
    return List.copyOf(values);
  }

  /** The names in lower case and in order, each once; a copy. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    forEach((name, value) -> names.add(name));
    return names;
  }

  /** {@code x-request-id}, or null if there is none or it is blank. */
  public @Nullable String requestId() {
    String id = header(HeaderRules.REQUEST_ID);
    return id == null || id.isBlank() ? null : id;
  }

  /** Whether there are no headers. */
  public boolean isEmpty() {
    return lines.length == 0;
  }

  /** Gives every name, in lower case, with every value of it, in order. */
  public void forEach(BiConsumer<? super String, ? super String> consumer) {
    requireNonNull(consumer, "consumer");
    for (int i = 0; i < lines.length; i += 2) {
      consumer.accept(lines[i], lines[i + 1]);
    }
  }

  /** How many pairs of name and value there are. */
  int size() {
    return lines.length / 2;
  }

  String nameAt(int index) {
    return lines[2 * index];
  }

  String valueAt(int index) {
    return lines[2 * index + 1];
  }

  /** Whether no value before this one is of the same header. */
  boolean isFirst(int index) {
    for (int i = 0; i < index; i++) {
      if (nameAt(i).equals(nameAt(index))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the headers say what this span is, for it was read from them. */
  boolean tells(SpanContext span) {
    return Span.fromContext(origin).getSpanContext() == span;
  }

  /** Whether a span was read from the headers when they came in. */
  boolean tellsSpan() {
    return Span.fromContext(origin).getSpanContext().isValid();
  }

  /** Whether the headers say what this baggage is, for it was read from them. */
  boolean tells(Baggage baggage) {
    return Baggage.fromContext(origin) == baggage && header(HeaderRules.BAGGAGE) != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MeshContext that && Arrays.equals(lines, that.lines);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(lines);
  }

  @Override
  public String toString() {
    return "MeshContext" + names();
  }

  /** Builds a {@link MeshContext}. For one thread. */
  public static final class Builder {

    private final List<String> lines = new ArrayList<>();
    private Context origin = Context.root();

    private Builder() {}

    /**
     * Sets a header, in place of any of that name.
     *
     * @throws IllegalArgumentException if the name is no token, or that of a header bound to one
     *     connection or message; or if the value is longer than 8192 characters or has others than
     *     visible ASCII, space and tab
     */
    public Builder set(String name, String value) {
      checkedValue(name, value);
      remove(name);
      return add(name, value);
    }

    /**
     * Adds a value to those that the header has.
     *
     * @throws IllegalArgumentException as {@link #set} does
     */
    public Builder add(String name, String value) {
      return addUnchecked(HeaderRules.checkedName(name), checkedValue(name, value));
    }

    /** Removes all values of a header, if there are any. */
    public Builder remove(String name) {
      requireNonNull(name, "name");
      for (int i = lines.size() - 2; i >= 0; i -= 2) {
        if (lines.get(i).equalsIgnoreCase(name)) {
          lines.subList(i, i + 2).clear();
        }
      }
      return this;
    }

    /** The context. */
    public MeshContext build() {
      return lines.isEmpty() ? EMPTY : new MeshContext(lines.toArray(String[]::new), origin);
    }

    Builder addUnchecked(String lowerName, String value) {
      lines.add(lowerName);
      lines.add(value);
      return this;
    }

    boolean has(String lowerName) {
      for (int i = 0; i < lines.size(); i += 2) {
        if (lines.get(i).equals(lowerName)) {
          return true;
        }
      }
      return false;
    }

    Builder origin(Context context) {
      origin = context;
      return this;
    }

    private static String checkedValue(String name, String value) {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
      String problem = HeaderRules.problem(value, MAX_VALUE_LENGTH);
      if (problem != null) {
        throw new IllegalArgumentException("value of " + name + ": " + problem);
      }
      return value;
    }
  }
}
