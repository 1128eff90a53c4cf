package io.meshclient.policy;

/** A place: region, zone and sub-zone; empty where it is not known. */
public record Locality(String region, String zone, String subzone) {

  public static final Locality UNKNOWN = new Locality("", "", "");

  /**
   * Where something really is: {@code region}, {@code region/zone} or {@code region/zone/subzone}.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static Locality of(String text) {
    String[] parts = text.split("/", -1);
    boolean sound = parts.length <= 3;
    for (String part : parts) {
      sound &= !part.isEmpty() && part.chars().noneMatch(c -> c <= ' ' || c == '*');
    }
    if (!sound) {
      throw new IllegalArgumentException(
          "locality: \"" + text + "\" (expected: region, region/zone or region/zone/subzone)");
    }
    return parse(text);
  }

  /** Parses {@code region/zone/subzone}, of which the later parts may be missing. */
  public static Locality parse(String text) {
    String[] parts = text.split("/", 3);
    return new Locality(
        parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }

  @Override
  public String toString() {
    if (!subzone.isEmpty()) {
      return region + "/" + zone + "/" + subzone;
    }
    return zone.isEmpty() ? region : region + "/" + zone;
  }
}
