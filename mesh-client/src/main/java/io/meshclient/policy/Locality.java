package io.meshclient.policy;

/** A place: region, zone and sub-zone; empty where it is not known. */
public record Locality(String region, String zone, String subzone) {

  public static final Locality UNKNOWN = new Locality("", "", "");

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
