package io.meshclient.context;

/** A way to write a trace's context, or what travels beside it, into headers. */
public enum TraceFormat {
  /**
   * {@code traceparent} and {@code tracestate}, by <a
   * href="https://www.w3.org/TR/trace-context-2/">W3C Trace Context</a>.
   */
  W3C,
  /** {@code b3}, one header by <a href="https://github.com/openzipkin/b3-propagation">B3</a>. */
  B3,
  /** {@code x-b3-traceid}, {@code x-b3-spanid}, {@code x-b3-sampled}: B3 in several headers. */
  B3_MULTI,
  /** {@code baggage}, by <a href="https://www.w3.org/TR/baggage/">W3C Baggage</a>. */
  BAGGAGE
}
