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

  static final int SAMPLED_FLAG = 0x01;
  static final int RANDOM_FLAG = 0x02;

  static final int MOST_MEMBERS = 32;
  private static final int LONGEST_KEY = 256;
  private static final int LONGEST_VALUE = 256;

  private TraceContextText() {}

  /**
   * A {@code traceparent} as version 00 has it, without flags that level 2 does not know.
   *
   * @return {@code null} if it is not valid, and so a new trace begins
   */
  static @Nullable String traceparent(String value) {
    String text = trim(value);
    if (text.length() < LENGTH
        || !hasVersion(text)
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
    return "00" + text.substring(2, FLAGS) + "0" + flags(text);
  }

  /**
   * Whether a service that makes no spans may forward this as it is: later versions unread ("<a
   * href="https://www.w3.org/TR/trace-context-2/#versioning-of-traceparent">Versioning of
   * traceparent</a>"), this one if it is valid ("Alternative Processing").
   *
   * @param text without white space around it
   */
  static boolean isForwarded(String text) {
    return text.startsWith("00-") ? traceparent(text) != null : hasVersion(text);
  }

  private static boolean hasVersion(String text) {
    return text.length() > 2
        && isHex(text, 0, 2)
        && !text.startsWith("ff")
        && text.charAt(2) == '-';
  }

  /** Whether a {@code traceparent} that may be forwarded names this trace. */
  static boolean isOf(String traceparent, String traceId) {
    return traceparent.length() >= LENGTH && traceparent.startsWith(traceId, TRACE_ID);
  }

  static String traceId(String traceparent) {
    return traceparent.substring(TRACE_ID, SPAN_ID - 1);
  }

  static String spanId(String traceparent) {
    return traceparent.substring(SPAN_ID, FLAGS - 1);
  }

  /** Of the flags of a {@code traceparent} those that level 2 knows. */
  static int flags(String traceparent) {
    return Character.digit(traceparent.charAt(FLAGS + 1), 16) & (SAMPLED_FLAG | RANDOM_FLAG);
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
          || !isValue(member.substring(equals + 1))) {
        return "";
      }
      if (keys.add(member.substring(0, equals))) {
        members.add(member);
      }
    }
    return String.join(",", members);
  }

  /** Level 2 knows no tenants and systems any more: an at sign is a character like others. */
  static boolean isKey(String key) {
    if (key.isEmpty() || key.length() > LONGEST_KEY || "_-*/@".indexOf(key.charAt(0)) >= 0) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if ((c < 'a' || c > 'z') && !isDigit(c) && "_-*/@".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isValue(String value) {
    if (value.isEmpty() || value.length() > LONGEST_VALUE || value.endsWith(" ")) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '=' || c == ',') {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Without optional white space (RFC 9110, section 5.6.3), which is not all that Java trims. */
  static String trim(String text) {
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
