package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which headers of an inbound request travel on to the requests that it causes.
 *
 * <p>By default the request id, {@code x-canary}, {@code x-user-id}, baggage, and the trace headers
 * that <a
 * href="https://istio.io/latest/docs/tasks/observability/distributed-tracing/overview/">Istio's
 * documentation</a> tells applications to forward. A pattern is a header's name, or the beginning
 * of names followed by {@code *}; case does not matter.
 *
 * <p>Credentials ({@code authorization}, {@code cookie}, and whatever has {@code jwt}, {@code
 * token}, {@code secret} or the like as a part of its name) travel only to the hosts that {@link
 * Builder#allowFor} names, and no prefix takes them. Headers that are bound to one connection or
 * message (RFC 9110, section 7.6.1) cannot be named at all.
 *
 * <p>Lengths are in characters, which in a header are bytes. Immutable, and safe from any thread.
 */
public final class PropagationPolicy {

  /** The variable that {@link Builder#environment} reads patterns from. */
  public static final String HEADERS_VARIABLE = "MESH_CLIENT_HEADERS";

  private static final List<String> DEFAULTS =
      List.of(
          "x-request-id",
          "x-canary",
          "x-user-id",
          "baggage",
          "traceparent",
          "tracestate",
          "b3",
          "x-b3-*",
          "x-ot-span-context",
          "x-cloud-trace-context",
          "grpc-trace-bin",
          "x-datadog-trace-id",
          "x-datadog-parent-id",
          "x-datadog-sampling-priority",
          "sw8",
          "x-client-trace-id",
          "x-envoy-force-trace");

  private static final PropagationPolicy DEFAULT = builder().build();

  private final Set<String> names;
  private final List<String> prefixes;
  private final Set<String> exceptNames;
  private final List<String> exceptPrefixes;
  private final boolean exceptAll;
  private final Map<String, Set<String>> destinations;
  private final Set<String> destinationNames;
  private final int maxValueLength;
  private final int maxHeaders;
  private final int maxTotalLength;

  private PropagationPolicy(Builder builder) {
    names = Set.copyOf(builder.names);
    prefixes = List.copyOf(builder.prefixes);
    exceptNames = Set.copyOf(builder.exceptNames);
    exceptPrefixes = List.copyOf(builder.exceptPrefixes);
    exceptAll = builder.exceptAll;
    Map<String, Set<String>> copy = new TreeMap<>();
    Set<String> named = new HashSet<>();
    builder.destinations.forEach(
        (host, headers) -> {
          copy.put(host, Set.copyOf(headers));
          named.addAll(headers);
        });
    named.removeAll(names);
    destinations = Map.copyOf(copy);
    destinationNames = Set.copyOf(named);
    maxValueLength = builder.maxValueLength;
    maxHeaders = builder.maxHeaders;
    maxTotalLength = builder.maxTotalLength;
  }

  /** The default policy. */
  public static PropagationPolicy defaults() {
    return DEFAULT;
  }

  /**
   * The default policy, changed as the environment says.
   *
   * @throws IllegalArgumentException as {@link Builder#environment} does
   */
  public static PropagationPolicy fromEnvironment(Map<String, String> environment) {
    return builder().environment(environment).build();
  }

  /** A builder that starts with the defaults. */
  public static Builder builder() {
    Builder builder = new Builder();
    DEFAULTS.forEach(builder::allow);
    return builder;
  }

  /**
   * Whether a header of an inbound request is taken into the {@link MeshContext}.
   *
   * @param name in any case
   */
  public boolean takes(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return takesByName(lower) || takesByPrefix(lower);
  }

  /**
   * Whether a header of the {@link MeshContext} may go to a host. What is denied goes to none,
   * whoever put it into the context; what is neither allowed nor denied is the application's own.
   *
   * @param host without a port, as the application wrote it
   * @param name in any case
   */
  public boolean sendsTo(String host, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (denies(lower)) {
      return false;
    }
    if (!destinationNames.contains(lower)
        && (names.contains(lower) || !HeaderRules.isSensitive(lower))) {
      return true;
    }
    Set<String> named = destinations.get(normalized(host));
    return named != null && named.contains(lower);
  }

  /** The longest value that travels, in characters. */
  public int maxValueLength() {
    return maxValueLength;
  }

  /** How many headers travel at most; several values count as several. */
  public int maxHeaders() {
    return maxHeaders;
  }

  /** How long all names and values that travel may be together, in characters. */
  public int maxTotalLength() {
    return maxTotalLength;
  }

  boolean takesByName(String lowerName) {
    return names.contains(lowerName) || destinationNames.contains(lowerName);
  }

  boolean hasPrefixes() {
    return !prefixes.isEmpty();
  }

  boolean takesByPrefix(String lowerName) {
    return startsWithAny(lowerName, prefixes)
        && !exceptNames.contains(lowerName)
        && !startsWithAny(lowerName, exceptPrefixes)
        && !HeaderRules.isHopByHop(lowerName)
        && !HeaderRules.isSensitive(lowerName)
        && HeaderRules.isToken(lowerName);
  }

  private boolean denies(String lowerName) {
    if (takesByName(lowerName)) {
      return false;
    }
    return exceptNames.contains(lowerName)
        || startsWithAny(lowerName, exceptPrefixes)
        || exceptAll && !startsWithAny(lowerName, prefixes);
  }

  private static boolean startsWithAny(String name, List<String> prefixes) {
    for (int i = 0; i < prefixes.size(); i++) {
      if (name.startsWith(prefixes.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static String normalized(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  @Override
  public String toString() {
    return "PropagationPolicy[names="
        + new TreeSet<>(names)
        + ", prefixes="
        + prefixes
        + ", destinations="
        + new TreeMap<>(destinations)
        + "]";
  }

  /** Builds a {@link PropagationPolicy}. For one thread. */
  public static final class Builder {

    private final Set<String> names = new TreeSet<>();
    private final Set<String> prefixes = new TreeSet<>();
    private final Set<String> exceptNames = new TreeSet<>();
    private final Set<String> exceptPrefixes = new TreeSet<>();
    private boolean exceptAll;
    private final Map<String, Set<String>> destinations = new TreeMap<>();
    private int maxValueLength = MeshContext.MAX_VALUE_LENGTH;
    private int maxHeaders = 64;
    private int maxTotalLength = 32 * 1024;

    private Builder() {}

    /**
     * Adds patterns to those that travel, such as {@code x-tenant} or {@code x-feature-*}.
     *
     * @throws IllegalArgumentException if one is not a header's name or the beginning of one, is a
     *     credential's, or that of a header bound to one connection or message
     */
    public Builder allow(String... patterns) {
      for (String pattern : requireNonNull(patterns, "patterns")) {
        String checked = checkedPattern(requireNonNull(pattern, "pattern"));
        if (HeaderRules.isSensitive(checked)) {
          throw new IllegalArgumentException(
              "header: " + checked + " (expected: a credential only for a destination, allowFor)");
        }
        if (checked.endsWith("*")) {
          allowPrefix(prefix(checked));
        } else {
          names.add(checked);
          exceptNames.remove(checked);
        }
      }
      return this;
    }

    /**
     * Takes patterns away, on the way in and on the way out; of allow and deny, the later call
     * wins. {@code *} stands for all, so that {@code deny("*").allow("x-tenant")} leaves nothing
     * but that one, even of what the application puts into its context.
     *
     * @throws IllegalArgumentException if one is not a header's name or the beginning of one, or is
     *     that of a header bound to one connection or message
     */
    public Builder deny(String... patterns) {
      for (String pattern : requireNonNull(patterns, "patterns")) {
        String checked = checkedPattern(requireNonNull(pattern, "pattern"));
        if (checked.endsWith("*")) {
          denyPrefix(checked.substring(0, checked.length() - 1));
        } else {
          names.remove(checked);
          destinations.values().forEach(headers -> headers.remove(checked));
          exceptNames.add(checked);
        }
      }
      return this;
    }

    /**
     * Lets headers travel to one host only, credentials among them.
     *
     * @param host as applications write it in their URLs, without a port; no pattern, and no other
     *     spelling of the same host
     * @param headers names, not prefixes
     * @throws IllegalArgumentException if the host is not one, or a header's name is not one or is
     *     that of a header bound to one connection or message
     */
    public Builder allowFor(String host, String... headers) {
      String checkedHost = checkedHost(requireNonNull(host, "host"));
      for (String header : requireNonNull(headers, "headers")) {
        String checked = checkedPattern(requireNonNull(header, "header"));
        if (checked.endsWith("*")) {
          throw new IllegalArgumentException(
              "header: " + checked + " (expected: a whole name for a destination)");
        }
        destinations.computeIfAbsent(checkedHost, h -> new TreeSet<>()).add(checked);
      }
      return this;
    }

    /** Sets the longest value that travels, in characters; 8192 by default. */
    public Builder maxValueLength(int length) {
      maxValueLength = positive("maxValueLength", length);
      return this;
    }

    /** Sets how many headers travel at most; 64 by default. */
    public Builder maxHeaders(int count) {
      maxHeaders = positive("maxHeaders", count);
      return this;
    }

    /** Sets how long all names and values may be together, in characters; 32768 by default. */
    public Builder maxTotalLength(int length) {
      maxTotalLength = positive("maxTotalLength", length);
      return this;
    }

    /**
     * Applies what the environment says, in order. {@code MESH_CLIENT_HEADERS} is a list with
     * commas: {@code x-tenant} and {@code x-feature-*} allow, {@code -x-user-id} denies, {@code -*}
     * denies all so far, {@code authorization@payment-service} allows for a destination. {@code
     * MESH_CLIENT_HEADERS_MAX_VALUE}, {@code _MAX_COUNT} and {@code _MAX_TOTAL} set the limits.
     *
     * @throws IllegalArgumentException if a variable cannot be understood; the message names it
     */
    public Builder environment(Map<String, String> environment) {
      PropagationEnvironment.apply(requireNonNull(environment, "environment"), this);
      return this;
    }

    /** The policy. */
    public PropagationPolicy build() {
      return new PropagationPolicy(this);
    }

    private void allowPrefix(String prefix) {
      prefixes.add(prefix);
      exceptNames.removeIf(name -> name.startsWith(prefix));
      exceptPrefixes.removeIf(other -> other.startsWith(prefix));
    }

    private void denyPrefix(String prefix) {
      names.removeIf(name -> name.startsWith(prefix));
      prefixes.removeIf(other -> other.startsWith(prefix));
      destinations.values().forEach(headers -> headers.removeIf(h -> h.startsWith(prefix)));
      if (prefix.isEmpty()) {
        exceptAll = true;
      } else {
        exceptPrefixes.add(prefix);
      }
    }

    private static String checkedPattern(String pattern) {
      String checked = HeaderRules.checkedName(pattern);
      int star = checked.indexOf('*');
      if (star >= 0 && star < checked.length() - 1) {
        throw new IllegalArgumentException("header: " + checked + " (expected: * at the end only)");
      }
      return checked;
    }

    private static String prefix(String pattern) {
      if (pattern.length() == 1) {
        throw new IllegalArgumentException("header: * (expected: a prefix before the *)");
      }
      return pattern.substring(0, pattern.length() - 1);
    }

    private static String checkedHost(String host) {
      String normalized = normalized(host);
      int colon = normalized.indexOf(':');
      boolean hasPort = colon >= 0 && normalized.indexOf(':', colon + 1) < 0;
      boolean hasOther =
          normalized.chars().anyMatch(c -> c <= ' ' || c > '~' || "/*@,".indexOf(c) >= 0);
      if (normalized.isEmpty() || hasPort || hasOther) {
        throw new IllegalArgumentException(
            "host: " + HeaderRules.printable(host) + " (expected: a host name, without a port)");
      }
      return normalized;
    }

    private static int positive(String name, int value) {
      if (value <= 0) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
      }
      return value;
    }
  }
}
