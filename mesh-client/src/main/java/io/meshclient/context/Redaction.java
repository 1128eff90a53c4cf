package io.meshclient.context;

import java.util.Locale;

/** What of a request is not for others to read. */
public final class Redaction {

  /** What stands in for it, as OpenTelemetry's conventions have it. */
  public static final String HIDDEN = "REDACTED";

  private Redaction() {}

  /**
   * Whether a header's value is a credential, by the parts of its name.
   *
   * @param name in any case
   */
  public static boolean isSensitive(String name) {
    return HeaderRules.isSensitive(name.toLowerCase(Locale.ROOT));
  }

  /** A path with query, the values of parameters hidden whose names are those of credentials. */
  public static String path(String path) {
    int query = path.indexOf('?');
    if (query < 0) {
      return path;
    }
    StringBuilder shown = new StringBuilder(path.length()).append(path, 0, query + 1);
    for (int from = query + 1; from <= path.length(); ) {
      int and = path.indexOf('&', from);
      int to = and < 0 ? path.length() : and;
      int equals = path.indexOf('=', from);
      if (equals >= 0 && equals < to && isSecretParameter(path.substring(from, equals))) {
        shown.append(path, from, equals + 1).append(HIDDEN);
      } else {
        shown.append(path, from, to);
      }
      if (and >= 0) {
        shown.append('&');
      }
      from = to + 1;
    }
    return shown.toString();
  }

  private static boolean isSecretParameter(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "sig", "signature", "key", "pass", "passwd", "pwd", "code", "awsaccesskeyid" -> true;
      default ->
          lower.startsWith("x-goog-signature")
              || lower.startsWith("x-amz-signature")
              || lower.endsWith("token")
              || HeaderRules.isSensitive(lower);
    };
  }
}
