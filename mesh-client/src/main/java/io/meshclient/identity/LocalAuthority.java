package io.meshclient.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An authority of one trust domain inside this process, for development and tests: it gives every
 * ID that it is asked for, to whoever asks. What it mints is short-lived, and as the standards want
 * it.
 *
 * <p>Needs {@code org.bouncycastle:bcpkix-jdk18on} on the class path. May be shared by threads.
 */
public final class LocalAuthority {
  /** How long before they are made certificates begin: for clocks that are behind. */
  static final Duration BACKDATED = Duration.ofSeconds(30);

  private static final int KID_BYTES = 8;

  private final TrustDomain trustDomain;
  private final AuthorityKeys authority;
  private final KeyPair tokenKeys = CertificateMint.keys();
  private final String tokenKid;
  private final Duration ttl;
  private final Clock clock;
  private final BundleSet bundles;

  private LocalAuthority(Builder settings, AuthorityKeys authority) {
    this.trustDomain = settings.trustDomain;
    this.authority = authority;
    this.ttl = settings.ttl;
    this.clock = settings.clock;
    byte[] encoded = tokenKeys.getPublic().getEncoded();
    this.tokenKid = HexFormat.of().formatHex(encoded, encoded.length - KID_BYTES, encoded.length);
    TrustBundle own =
        new TrustBundle(
            trustDomain,
            List.of(authority.root()),
            Map.of(tokenKid, tokenKeys.getPublic()),
            null,
            null);
    Map<TrustDomain, TrustBundle> known = new LinkedHashMap<>(settings.federated);
    known.put(trustDomain, own);
    this.bundles = BundleSet.of(known.values());
  }

  /** An authority whose keys last as long as it does, if no directory is given. */
  public static Builder of(TrustDomain trustDomain) {
    return new Builder(Objects.requireNonNull(trustDomain, "trustDomain"));
  }

  /** How to mint. Not for several threads. */
  public static final class Builder {
    private final TrustDomain trustDomain;
    private final Map<TrustDomain, TrustBundle> federated = new LinkedHashMap<>();
    private Duration ttl = Duration.ofHours(1);
    private Clock clock = Clock.systemUTC();
    private @Nullable Path directory;

    private Builder(TrustDomain trustDomain) {
      this.trustDomain = trustDomain;
    }

    /** How long what it mints is valid; an hour if not said, at least a second. */
    public Builder ttl(Duration life) {
      ttl = checked(life);
      return this;
    }

    /** What time it is, in certificates and tokens. */
    public Builder clock(Clock time) {
      clock = Objects.requireNonNull(time, "time");
      return this;
    }

    /**
     * Where its key and certificate are kept, {@code ca-key.pem} and {@code ca-cert.pem}. They are
     * made if they are not there. Whoever reads the key is the authority.
     */
    public Builder directory(Path keptIn) {
      directory = Objects.requireNonNull(keptIn, "keptIn");
      return this;
    }

    /** Hands out the bundle of another trust domain as well. */
    public Builder federatesWith(TrustBundle other) {
      federated.put(other.trustDomain(), other);
      return this;
    }

    /**
     * The authority.
     *
     * @throws IOException if its directory cannot be read or written
     * @throws IdentityException if what is kept there is no authority of this trust domain
     */
    public LocalAuthority build() throws IOException {
      AuthorityKeys keys =
          directory == null
              ? AuthorityKeys.make(trustDomain, clock)
              : AuthorityKeys.in(directory, trustDomain, clock);
      return new LocalAuthority(this, keys);
    }
  }

  public TrustDomain trustDomain() {
    return trustDomain;
  }

  /** How long what it mints is valid. */
  public Duration ttl() {
    return ttl;
  }

  /** Its own bundle, and those of the trust domains it federates with. */
  public BundleSet bundles() {
    return bundles;
  }

  /**
   * An X.509-SVID with a new key.
   *
   * @throws IllegalArgumentException if the ID is of another trust domain, or of none's workload
   */
  public X509Svid issue(SpiffeId id) {
    return issue(id, ttl);
  }

  /** Like {@link #issue(SpiffeId)}, valid for that long; at most as long as the authority. */
  public X509Svid issue(SpiffeId id, Duration life) {
    check(id);
    Instant now = clock.instant();
    Instant end = now.plus(checked(life));
    Instant last = authority.root().getNotAfter().toInstant();
    KeyPair keys = CertificateMint.keys();
    try {
      return X509Svid.of(
          List.of(
              CertificateMint.leaf(
                  id,
                  keys.getPublic(),
                  authority.root(),
                  authority.keys(),
                  now.minus(BACKDATED),
                  end.isBefore(last) ? end : last)),
          keys.getPrivate());
    } catch (SvidRejectedException e) {
      throw new IllegalStateException("minted an SVID that is none: " + e.getMessage(), e);
    }
  }

  /**
   * A JWT-SVID.
   *
   * @param audiences whom it is for; at least one, of visible characters without quotes
   * @throws IllegalArgumentException if the ID is of another trust domain, or an audience is odd
   */
  public JwtSvid issueToken(SpiffeId id, Collection<String> audiences) {
    check(id);
    if (audiences.isEmpty() || !audiences.stream().allMatch(LocalAuthority::isPlain)) {
      throw new IllegalArgumentException(
          "audiences: "
              + Quoted.of(audiences.toString())
              + " (expected: some, of visible characters without quotes and backslashes)");
    }
    Instant now = clock.instant();
    String token = TokenMint.token(id, audiences, now, now.plus(ttl), tokenKid, tokenKeys);
    try {
      return JwtSvid.unverified(token);
    } catch (SvidRejectedException e) {
      throw new IllegalStateException("minted an SVID that is none: " + e.getMessage(), e);
    }
  }

  /**
   * The identity of a workload in this process, replaced at half of its life.
   *
   * @throws IllegalArgumentException if the ID is of another trust domain, or of none's workload
   */
  public IdentitySource source(SpiffeId id) {
    check(id);
    return AuthoritySource.start(this, id);
  }

  private void check(SpiffeId id) {
    if (!id.trustDomain().equals(trustDomain) || !id.namesWorkload()) {
      throw new IllegalArgumentException(
          "id: " + id + " (expected: a workload of " + trustDomain + ")");
    }
  }

  private static boolean isPlain(String audience) {
    return !audience.isEmpty()
        && audience.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
  }

  private static Duration checked(Duration life) {
    if (life.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("life: " + life + " (expected: at least a second)");
    }
    return life;
  }
}
