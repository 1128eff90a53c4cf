package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import org.jspecify.annotations.Nullable;

/** Points out what of a destination's TLS this library does not carry out. */
final class TlsChecks {
  private TlsChecks() {}

  static void check(Tls tls, boolean hasIdentity, Problems problems) {
    if (tls.mode() == TlsMode.ISTIO_MUTUAL) {
      checkMutual(tls, hasIdentity, problems);
    } else if (isSet(tls.credentialName())) {
      boolean mutual = tls.mode() == TlsMode.MUTUAL;
      add(
          tls,
          problems,
          "credentialName",
          "\""
              + tls.credentialName()
              + "\" cannot be read here; "
              + (mutual ? "requests get 503" : "the JDK's authorities are trusted")
              + " (expected: files)");
    } else if (isSet(tls.caCrl())) {
      add(tls, problems, "caCrl", "revocations are not looked at; the rest of the TLS holds");
    }
  }

  private static void checkMutual(Tls tls, boolean hasIdentity, Problems problems) {
    if (!hasIdentity) {
      add(tls, problems, "mode", "ISTIO_MUTUAL is left to the mesh: requests go out in plain text");
      return;
    }
    for (String name : tls.subjectAltNames()) {
      if (!name.startsWith("spiffe://")) {
        add(
            tls,
            problems,
            "subjectAltNames",
            "\""
                + name
                + "\" is nobody's: identities prove SPIFFE IDs alone (expected: spiffe://...)");
      }
    }
  }

  private static void add(Tls tls, Problems problems, String field, String message) {
    problems.add(
        Problems.Code.NOT_CARRIED_OUT,
        tls.location(),
        tls.location().path() + "." + field,
        message);
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
