package io.meshclient.identity;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes one line of the header apart, in the form that Envoy documents: elements between commas,
 * pairs between semicolons, {@code key=value}, values in double quotes where they have to be. In
 * quotes {@code \"} and {@code \\} stand for the second character, and any other backslash for
 * itself, as in the subjects that Envoy writes.
 */
final class XfccText {
  private final String line;
  private int at;

  private XfccText(String line) {
    this.line = line;
  }

  static List<XfccElement> parse(String line) throws InvalidXfccException {
    XfccText text = new XfccText(line);
    List<XfccElement> elements = new ArrayList<>(1);
    do {
      elements.add(text.element());
    } while (text.skip(','));
    return elements;
  }

  private XfccElement element() throws InvalidXfccException {
    XfccElement.Builder element = new XfccElement.Builder();
    do {
      String key = key();
      element.add(key, value());
    } while (skip(';'));
    return element.build();
  }

  private String key() throws InvalidXfccException {
    int from = at;
    while (at < line.length() && !isOneOf("=;,\"", line.charAt(at))) {
      at++;
    }
    String key = line.substring(from, at).strip();
    if (!skip('=')) {
      throw malformed("no = behind " + Quoted.of(key));
    }
    return key;
  }

  private String value() throws InvalidXfccException {
    space();
    String value = skip('"') ? quoted() : plain();
    space();
    if (at < line.length() && !isOneOf(";,", line.charAt(at))) {
      throw malformed("more behind a value");
    }
    return value;
  }

  private String plain() throws InvalidXfccException {
    int from = at;
    while (at < line.length() && !isOneOf(";,", line.charAt(at))) {
      if (line.charAt(at) == '"') {
        throw malformed("quote within a value");
      }
      at++;
    }
    return line.substring(from, at).strip();
  }

  private String quoted() throws InvalidXfccException {
    StringBuilder value = new StringBuilder();
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\' && at < line.length() && isOneOf("\"\\", line.charAt(at))) {
        c = line.charAt(at++);
      }
      value.append(c);
    }
    throw malformed("quote without end");
  }

  private void space() {
    while (at < line.length() && isOneOf(" \t", line.charAt(at))) {
      at++;
    }
  }

  private boolean skip(char c) {
    boolean there = at < line.length() && line.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private static boolean isOneOf(String set, char c) {
    return set.indexOf(c) >= 0;
  }

  private InvalidXfccException malformed(String what) {
    return new InvalidXfccException(what + " at " + at);
  }
}
