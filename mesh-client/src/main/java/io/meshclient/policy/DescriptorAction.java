package io.meshclient.policy;

import com.google.re2j.Pattern;
import io.meshclient.policy.LocalRateLimit.Entry;
import io.meshclient.policy.LocalRateLimit.Request;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes one entry of the descriptor by which Envoy tells requests apart. Immutable. */
public sealed interface DescriptorAction {

  /** {@code null} where the request has none: there is no descriptor then, unless it may lack. */
  @Nullable Entry entry(Request request);

  /** Whether a request without this entry has the others all the same. */
  default boolean mayLack() {
    return false;
  }

  /** The same for each request. */
  record Generic(Entry entry) implements DescriptorAction {
    @Override
    public Entry entry(Request request) {
      return entry;
    }
  }

  /** The value of a header. */
  record OfHeader(String header, String key, boolean mayLack) implements DescriptorAction {
    @Override
    public @Nullable Entry entry(Request request) {
      String value = request.header(header);
      return value == null ? null : new Entry(key, value);
    }
  }

  /** There if all of the headers are as expected, or if they are not. */
  record IfHeaders(Entry entry, boolean expected, List<HeaderTest> tests)
      implements DescriptorAction {
    @Override
    public @Nullable Entry entry(Request request) {
      boolean fits = true;
      for (HeaderTest test : tests) {
        fits &= test.fits(request.header(test.header()));
      }
      return fits == expected ? entry : null;
    }
  }

  /** Where the request comes from. */
  record RemoteAddress() implements DescriptorAction {
    @Override
    public Entry entry(Request request) {
      return new Entry("remote_address", request.remoteAddress());
    }
  }

  /**
   * A condition on a header.
   *
   * @param text what the value is compared with, unless it is by a regular expression
   */
  record HeaderTest(
      String header,
      How how,
      @Nullable String text,
      @Nullable Pattern regex,
      boolean ignoreCase,
      boolean not) {

    /** How a text is compared. */
    public enum How {
      PRESENT,
      EXACT,
      PREFIX,
      SUFFIX,
      CONTAINS,
      REGEX
    }

    boolean fits(@Nullable String value) {
      if (how == How.PRESENT) {
        return (value != null) != not;
      }
      // As Envoy has it: a header that is not there never fits, inverted or not.
      return value != null && compare(value) != not;
    }

    private boolean compare(String value) {
      if (regex != null) {
        return regex.matches(value);
      }
      String given = lower(value);
      String wanted = lower(text == null ? "" : text);
      return switch (how) {
        case EXACT -> given.equals(wanted);
        case PREFIX -> given.startsWith(wanted);
        case SUFFIX -> given.endsWith(wanted);
        case CONTAINS -> given.contains(wanted);
        case PRESENT, REGEX -> true;
      };
    }

    private String lower(String value) {
      return ignoreCase ? value.toLowerCase(Locale.ROOT) : value;
    }
  }
}
