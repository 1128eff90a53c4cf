package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import com.google.re2j.Pattern;
import io.meshclient.policy.PathMatch;
import io.meshclient.policy.PathRewrite;
import org.jspecify.annotations.Nullable;

/** Writes what becomes of a path. */
final class Rewrites {

  private Rewrites() {}

  static void write(JsonObject action, @Nullable PathRewrite rewrite, PathMatch match) {
    if (rewrite instanceof PathRewrite.Prefix prefix) {
      action.addProperty("prefix_rewrite", prefix.replacement());
    } else if (rewrite instanceof PathRewrite.Regex regex) {
      action.add("regex_rewrite", regex(regex.pattern().pattern(), regex.replacement()));
    } else if (rewrite instanceof PathRewrite.Whole whole) {
      whole(action, whole.replacement(), match);
    } else if (rewrite instanceof PathRewrite.PrefixTakenOff) {
      String prefix = match instanceof PathMatch.SegmentPrefix p ? p.text() : "";
      action.add("regex_rewrite", regex("^" + Pattern.quote(prefix) + "(/?)(.*)", "/\\2"));
    }
  }

  /** What matched of an exact path, or of one by a regular expression, is all of it. */
  private static void whole(JsonObject action, String replacement, PathMatch match) {
    if (match instanceof PathMatch.Exact || match instanceof PathMatch.Regex) {
      action.addProperty("prefix_rewrite", replacement);
    } else {
      action.add("regex_rewrite", regex("/.*", replacement.replace("\\", "\\\\")));
    }
  }

  static void ofRedirect(JsonObject redirect, @Nullable PathRewrite rewrite) {
    if (rewrite instanceof PathRewrite.Prefix prefix) {
      redirect.addProperty("prefix_rewrite", prefix.replacement());
    }
  }

  private static JsonObject regex(String pattern, String substitution) {
    return Json.object("pattern", Matches.regex(pattern), "substitution", substitution);
  }
}
