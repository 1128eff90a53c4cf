package io.meshclient.mesh;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a workload's traffic is led through its sidecar, by the pod's annotations. A name's
 * address is not known before it is dialled: ranges are looked at for addresses alone.
 *
 * @param included ports that are led through whatever their address; only in addition to ranges
 * @param ranges that are led through; {@code null} for all
 */
record Interception(
    BitSet excludedPorts,
    Set<Integer> included,
    @Nullable List<Cidr> ranges,
    List<Cidr> excludedRanges) {

  static final Interception ALL = new Interception(new BitSet(), Set.of(), null, List.of());

  private static final List<String> EXCLUDED_PORTS =
      List.of(
          "traffic.sidecar.istio.io/excludeOutboundPorts",
          "config.linkerd.io/skip-outbound-ports",
          "consul.hashicorp.com/transparent-proxy-exclude-outbound-ports");
  private static final List<String> EXCLUDED_RANGES =
      List.of(
          "traffic.sidecar.istio.io/excludeOutboundIPRanges",
          "config.linkerd.io/skip-subnets",
          "consul.hashicorp.com/transparent-proxy-exclude-outbound-cidrs");

  Interception {
    excludedPorts = (BitSet) excludedPorts.clone();
    included = Set.copyOf(included);
    ranges = ranges == null ? null : List.copyOf(ranges);
    excludedRanges = List.copyOf(excludedRanges);
  }

  /** By the annotations of Istio, Linkerd and Consul; a value that is none says nothing. */
  static Interception of(Map<String, String> annotations) {
    BitSet ports = new BitSet(); // a request asks it without boxing
    List<Cidr> ranges = new ArrayList<>();
    EXCLUDED_PORTS.forEach(name -> ports(annotations.get(name)).forEach(ports::set));
    EXCLUDED_RANGES.forEach(name -> ranges.addAll(ranges(annotations.get(name))));
    String only = annotations.get("traffic.sidecar.istio.io/includeOutboundIPRanges");
    return new Interception(
        ports,
        ports(annotations.get("traffic.sidecar.istio.io/includeOutboundPorts")),
        only == null || only.strip().equals("*") ? null : ranges(only),
        ranges);
  }

  boolean excludes(int port) {
    return excludedPorts.get(port);
  }

  /** Whether no port but the included ones is led through at all, and this is none of them. */
  boolean passesBy(int port) {
    return ranges != null && ranges.isEmpty() && !included.contains(port);
  }

  /**
   * Whether an address is not led through.
   *
   * @param host a name is taken to be led through
   */
  boolean excludesAddress(String host, int port) {
    if (excludedRanges.isEmpty() && ranges == null) {
      return false;
    }
    byte[] address = Cidr.addressOf(host);
    if (address == null) {
      return false;
    }
    return excludedRanges.stream().anyMatch(range -> range.contains(address))
        || ranges != null
            && !included.contains(port)
            && ranges.stream().noneMatch(range -> range.contains(address));
  }

  /** {@code 80,8000-8010}: Linkerd has ranges too. */
  private static Set<Integer> ports(@Nullable String text) {
    Set<Integer> ports = new HashSet<>();
    for (String part : parts(text)) {
      int dash = part.indexOf('-');
      int from = port(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : port(part.substring(dash + 1));
      for (int port = from; port > 0 && port <= to; port++) {
        ports.add(port);
      }
    }
    return ports;
  }

  private static List<Cidr> ranges(@Nullable String text) {
    List<Cidr> ranges = new ArrayList<>();
    for (String part : parts(text)) {
      Cidr range = Cidr.tryParse(part);
      if (range != null) {
        ranges.add(range);
      }
    }
    return ranges;
  }

  private static List<String> parts(@Nullable String text) {
    List<String> parts = new ArrayList<>();
    if (text != null) {
      for (String part : text.split(",", -1)) {
        if (!part.isBlank()) {
          parts.add(part.strip());
        }
      }
    }
    return parts;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      return port >= 1 && port <= 65535 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
