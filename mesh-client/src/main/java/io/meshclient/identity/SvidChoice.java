package io.meshclient.identity;

import io.meshclient.identity.X509Context.HintedSvid;
import org.jspecify.annotations.Nullable;

/**
 * Which of several SVIDs is the workload's: the one with an ID, the first with a hint, or the first
 * of all, which the standard calls the default.
 */
record SvidChoice(@Nullable SpiffeId id, @Nullable String hint) {
  static final SvidChoice DEFAULT = new SvidChoice(null, null);

  /**
   * The SVID.
   *
   * @throws IdentityException if it is not among them
   */
  X509Svid of(X509Context context) throws IdentityException {
    for (HintedSvid offered : context.svids()) {
      if ((id == null || id.equals(offered.svid().id()))
          && (hint == null || hint.equals(offered.hint()))) {
        return offered.svid();
      }
    }
    String wanted = id == null ? "hint " + Quoted.of(String.valueOf(hint)) : id.toString();
    String offered = context.svids().stream().map(this::shown).toList().toString();
    throw new IdentityException("no SVID of " + wanted + " (offered: " + offered + ")");
  }

  private String shown(HintedSvid offered) {
    return id != null ? offered.svid().id().toString() : Quoted.of(offered.hint());
  }
}
