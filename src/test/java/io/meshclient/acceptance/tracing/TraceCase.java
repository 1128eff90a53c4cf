package io.meshclient.acceptance.tracing;

import java.util.ArrayList;
import java.util.List;

/**
 * One test of the <a href="https://github.com/w3c/trace-context/tree/main/test">published
 * harness</a> of W3C Trace Context, by its name there.
 *
 * @param requests what it sends, one after the other
 */
record TraceCase(String name, List<Wanted> requests) {

  @Override
  public String toString() {
    return name;
  }

  static Builder named(String name) {
    return new Builder(name);
  }

  /** For one thread. */
  static final class Builder {
    private static final String BEFORE = "00-" + Wanted.TRACE + "-" + Wanted.PARENT + "-00";

    private final String name;
    private final List<Wanted> requests = new ArrayList<>();
    private boolean hasNewParents;
    private int calls = 1;
    private int flags;

    private Builder(String name) {
      this.name = name;
    }

    /** The harness looks at the parent ids too. */
    Builder newParents() {
      hasNewParents = true;
      return this;
    }

    Builder calls(int number) {
      calls = number;
      return this;
    }

    Builder flags(int bits) {
      flags = bits;
      return this;
    }

    /** Requests with one {@code traceparent} each, with which the trace goes on. */
    Builder goesOn(String... traceparents) {
      for (String traceparent : traceparents) {
        add(List.of("traceparent", traceparent), true, "");
      }
      return this;
    }

    /** Requests with one {@code traceparent} each, with which a trace begins. */
    Builder begins(String... traceparents) {
      for (String traceparent : traceparents) {
        add(List.of("traceparent", traceparent), false, "");
      }
      return this;
    }

    /** A request with headers, name and value in turn, with which the trace goes on, or not. */
    Builder with(boolean isContinued, String state, String... headers) {
      return add(List.of(headers), isContinued, state);
    }

    /** A valid {@code traceparent}, and lines of {@code tracestate} of which this is left. */
    Builder state(String left, String... lines) {
      List<String> headers = new ArrayList<>(List.of("traceparent", BEFORE));
      for (String line : lines) {
        headers.addAll(List.of("tracestate", line));
      }
      return add(headers, true, left);
    }

    private Builder add(List<String> headers, boolean isContinued, String state) {
      requests.add(
          new Wanted(List.copyOf(headers), calls, isContinued, hasNewParents, flags, state));
      return this;
    }

    TraceCase build() {
      return new TraceCase(name, List.copyOf(requests));
    }
  }
}
