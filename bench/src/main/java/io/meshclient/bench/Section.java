package io.meshclient.bench;

/** Lines that do the same, and so may be compared. The first line is what the ratios are to. */
enum Section {
  CALLS("A call that goes well"),
  FAILURES("A call, one in ten of which fails"),
  REJECTIONS("A call that is turned away"),
  DECISIONS("A routing decision"),
  ACCESS("Whether a request may come in"),
  TELEMETRY("A call through the pipeline");

  private final String title;

  Section(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
