package io.meshclient.context;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two headers of <a href="https://www.w3.org/TR/trace-context-2/">W3C Trace Context, level
 * 2</a>, read as strictly as the recommendation asks. Propagators get what is left: OpenTelemetry's
 * own lets members of a {@code tracestate} pass that are not valid, and flags that nobody knows.
 */
final class TraceContextText {
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;

  /** Sampled, and random trace id: what level 2 knows. */
  private static final int KNOWN_FLAGS = 0x03;

  private static final int MOST_MEMBERS = 32;
  private static final int LONGEST_KEY = 256;
  private static final int LONGEST_VALUE = 256;
  private static final int LONGEST_TENANT = 241;
  private static final int LONGEST_SYSTEM = 14;

  private TraceContextText() {}

  /**
   * A {@code traceparent} as version 00 has it, without flags that level 2 does not know.
   *
   * @return {@code null} if it is not valid, and so a new trace begins
   */
  static @Nullable String traceparent(String value) {
    String text = trim(value);
    if (text.length() < LENGTH
        || !isHex(text, 0, 2)
        || text.startsWith("ff")
        || !isField(text, TRACE_ID, 32)
        || !isField(text, SPAN_ID, 16)
        || !isHex(text, FLAGS, FLAGS + 2)
        || text.charAt(FLAGS - 1) != '-') {
      return null;
    }
    // Later versions may only add to the end, behind another dash.
    boolean hasMore = text.length() > LENGTH;
    if (hasMore && (text.startsWith("00") || text.charAt(LENGTH) != '-')) {
      return null;
    }
    int flags = Character.digit(text.charAt(FLAGS + 1), 16) & KNOWN_FLAGS;
    return "00" + text.substring(2, FLAGS) + "0" + flags;
  }

  /** Hex digits between dashes, of which one is not 0. */
  private static boolean isField(String text, int from, int length) {
    if (text.charAt(from - 1) != '-' || !isHex(text, from, from + length)) {
      return false;
    }
    for (int i = from; i < from + length; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * A {@code tracestate} without empty members, white space around members, and second members of
   * one key, of which the first holds.
   *
   * @return empty if a member is not valid or there are more than 32: the whole of it is dropped
   */
  static String tracestate(String value) {
    List<String> members = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    int count = 0;
    for (int from = 0; from <= value.length(); ) {
      int comma = value.indexOf(',', from);
      int to = comma < 0 ? value.length() : comma;
      String member = trim(value.substring(from, to));
      from = to + 1;
      if (member.isEmpty()) {
        continue;
      }
      int equals = member.indexOf('=');
      if (++count > MOST_MEMBERS
          || equals < 0
          || !isKey(member.substring(0, equals))
          || !isValue(member, equals + 1)) {
        return "";
      }
      if (keys.add(member.substring(0, equals))) {
        members.add(member);
      }
    }
    return String.join(",", members);
  }

  /**
   * The grammar of level 2, in which a digit may come first; of a key with an at sign the one of
   * level 1, which asks for a tenant of at most 241 characters and a system of at most 14.
   */
  private static boolean isKey(String key) {
    int at = key.indexOf('@');
    if (at < 0) {
      return isKeyPart(key, LONGEST_KEY);
    }
    String system = key.substring(at + 1);
    return isKeyPart(key.substring(0, at), LONGEST_TENANT)
        && isKeyPart(system, LONGEST_SYSTEM)
        && !isDigit(system.charAt(0));
  }

  private static boolean isKeyPart(String part, int longest) {
    if (part.isEmpty() || part.length() > longest || "_-*/".indexOf(part.charAt(0)) >= 0) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if ((c < 'a' || c > 'z') && !isDigit(c) && "_-*/".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Its end is no space: that would have been white space between members. */
  private static boolean isValue(String member, int from) {
    int length = member.length() - from;
    if (length < 1 || length > LONGEST_VALUE) {
      return false;
    }
    for (int i = from; i < member.length(); i++) {
      char c = member.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Without optional white space (RFC 9110, section 5.6.3), which is not all that Java trims. */
  private static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
