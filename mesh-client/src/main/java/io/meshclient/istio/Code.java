package io.meshclient.istio;

/** The problems that reading can find; docs/problems.md has an example of each. */
enum Code {
  UNKNOWN_FIELD("MESH0101", "Unknown field"),
  WRONG_TYPE("MESH0102", "Wrong type"),
  OUT_OF_RANGE("MESH0103", "Out of range"),
  DUPLICATE_KEY("MESH0104", "Duplicate key"),
  MISSING("MESH0105", "Missing value"),
  EXCLUSIVE("MESH0106", "Fields that exclude each other"),
  UNKNOWN_VALUE("MESH0107", "Unknown value"),
  BAD_FORMAT("MESH0108", "Wrong format"),
  SYNTAX("MESH0110", "Not valid YAML"),
  TOO_LARGE("MESH0111", "Limit exceeded"),
  UNSUPPORTED_YAML("MESH0112", "YAML that is not read"),
  UNREADABLE("MESH0120", "File cannot be read"),
  NOT_A_RESOURCE("MESH0121", "Not a resource"),
  UNKNOWN_KIND("MESH0122", "Unknown kind"),
  UNKNOWN_VERSION("MESH0123", "Unknown API version"),
  DUPLICATE_RESOURCE("MESH0124", "Resource defined twice"),
  KEPT("MESH0125", "Last good version kept"),
  PASSED_OVER("MESH0126", "Passed over"),
  RULE_ACTION("MESH0130", "Rule without one clear action"),
  NO_HOSTS("MESH0131", "No hosts"),
  DUPLICATE_NAME("MESH0132", "Name used twice"),
  EMPTY_MATCH("MESH0133", "Empty match"),
  NO_WEIGHT("MESH0134", "Weights add up to nothing"),
  BAD_HOST("MESH0135", "Not a host name"),
  BAD_HEADER("MESH0136", "Not a header"),
  CONTRADICTION("MESH0137", "Settings that contradict each other");

  private final String id;
  private final String title;

  Code(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** {@code MESH} and four digits: stable. */
  String id() {
    return id;
  }

  String title() {
    return title;
  }
}
