package io.meshclient.access;

import com.google.re2j.Pattern;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a request has one of the values that a field of a rule lists. Immutable. */
sealed interface Matcher {

  boolean matches(Facts facts);

  /** What the request has, for the log: no credentials, and nothing that breaks a line. */
  String actual(Facts facts);

  /** The peer's SPIFFE ID, with its scheme. */
  record Peer(TextSet ids) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      String peer = facts.peer();
      return peer != null && ids.matches(peer);
    }

    @Override
    public String actual(Facts facts) {
      String peer = facts.peer();
      return peer == null ? "none proven" : Shown.plain(peer);
    }
  }

  /** Which of the addresses is looked at. */
  enum Which {
    SOURCE,
    REMOTE,
    DESTINATION;

    InetAddress of(Facts facts) {
      return switch (this) {
        case SOURCE -> facts.source();
        case REMOTE -> facts.remote();
        case DESTINATION -> facts.destination();
      };
    }
  }

  /** An address in one of several blocks. */
  record Address(Which which, List<AddressBlock> blocks) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      InetAddress address = which.of(facts);
      for (int i = 0; i < blocks.size(); i++) {
        if (blocks.get(i).contains(address)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String actual(Facts facts) {
      return which.of(facts).getHostAddress();
    }
  }

  /**
   * A header, each line by itself.
   *
   * @param present whether it is enough that it is there, be it empty
   */
  record Header(String name, TextSet values, boolean present) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      List<String> lines = facts.header(name);
      if (present && !lines.isEmpty()) {
        return true;
      }
      for (int i = 0; i < lines.size(); i++) {
        if (values.matches(lines.get(i))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String actual(Facts facts) {
      return Shown.header(name, facts.header(name));
    }
  }

  record Host(TextSet values, boolean present) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      String authority = facts.authority();
      return !authority.isEmpty() && (present || values.matches(authority));
    }

    @Override
    public String actual(Facts facts) {
      return Shown.quoted(facts.authority());
    }
  }

  record Method(TextSet values, boolean present) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      return present || values.matches(facts.method());
    }

    @Override
    public String actual(Facts facts) {
      return Shown.plain(facts.method());
    }
  }

  /** The path without its query. */
  record Path(TextSet values, List<Pattern> templates) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      String path = facts.path();
      if (values.matches(path)) {
        return true;
      }
      for (int i = 0; i < templates.size(); i++) {
        if (templates.get(i).matches(path)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String actual(Facts facts) {
      return Shown.plain(facts.path());
    }
  }

  record Port(Set<Integer> ports) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      return ports.contains(facts.port());
    }

    @Override
    public String actual(Facts facts) {
      return Integer.toString(facts.port());
    }
  }

  /** The server's name in the handshake. */
  record Sni(TextSet names) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      return names.matches(facts.sni());
    }

    @Override
    public String actual(Facts facts) {
      return Shown.quoted(facts.sni());
    }
  }

  /** A claim of the token. */
  record Claim(List<String> path, TextSet values) implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      List<String> strings = Claims.strings(facts.token(), path);
      for (int i = 0; i < strings.size(); i++) {
        if (values.matches(strings.get(i))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String actual(Facts facts) {
      return facts.token() == null
          ? "no token"
          : Shown.list(Claims.strings(facts.token(), path), "no such text");
    }
  }

  /** Issuer and subject of the token. */
  record RequestPrincipal(List<Pair> pairs) implements Matcher {
    record Pair(TextSet issuer, TextSet subject) {
      boolean matches(String iss, String sub) {
        return issuer.matches(iss) && subject.matches(sub);
      }
    }

    @Override
    public boolean matches(Facts facts) {
      String issuer = Claims.string(facts.token(), "iss");
      String subject = Claims.string(facts.token(), "sub");
      if (issuer == null || subject == null) {
        return false;
      }
      for (int i = 0; i < pairs.size(); i++) {
        if (pairs.get(i).matches(issuer, subject)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String actual(Facts facts) {
      @Nullable String principal = AccessPolicy.principal(facts.token());
      return principal == null ? "no token" : Shown.plain(principal);
    }
  }

  /** What only a proxy's own filters leave behind: here nothing. */
  record Never() implements Matcher {
    @Override
    public boolean matches(Facts facts) {
      return false;
    }

    @Override
    public String actual(Facts facts) {
      return "nothing, outside of a proxy";
    }
  }
}
