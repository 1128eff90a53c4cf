package io.meshclient.cli.explain;

/** Few, quiet colours; none where the output is no terminal, or NO_COLOR is set. */
record Palette(boolean coloured) {

  String heading(String text) {
    return in("1", text);
  }

  String good(String text) {
    return in("32", text);
  }

  String bad(String text) {
    return in("33", text);
  }

  String aside(String text) {
    return in("2", text);
  }

  private String in(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
