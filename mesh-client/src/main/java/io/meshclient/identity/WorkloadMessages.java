package io.meshclient.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.meshclient.identity.X509Context.HintedSvid;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Workload API's answers (SPIFFE Workload API, sections 5 and 6). What is mandatory must
 * be there, and one part that is malformed spoils the answer. Revocation lists are passed over, as
 * revocation is not asked anywhere.
 */
final class WorkloadMessages {

  private WorkloadMessages() {}

  /** {@code X509SVIDResponse}. */
  static X509Context x509Context(byte[] message) throws IdentityException {
    List<HintedSvid> svids = new ArrayList<>();
    Map<TrustDomain, TrustBundle> bundles = new LinkedHashMap<>();
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> svids.add(x509Svid(in.message(), bundles));
        case 3 -> {
          TrustBundle bundle = entry(in.message(), WorkloadMessages::x509Bundle);
          // Its own bundle comes with an SVID, and what is said there holds.
          bundles.putIfAbsent(bundle.trustDomain(), bundle);
        }
        default -> {}
      }
    }
    if (svids.isEmpty()) {
      throw missing("svids");
    }
    return new X509Context(svids, BundleSet.of(bundles.values()));
  }

  private static HintedSvid x509Svid(ProtoReader in, Map<TrustDomain, TrustBundle> bundles)
      throws IdentityException {
    String id = "";
    byte[] chain = {};
    byte[] key = {};
    byte[] bundle = {};
    String hint = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.text();
        case 2 -> chain = in.bytes();
        case 3 -> key = in.bytes();
        case 4 -> bundle = in.bytes();
        case 5 -> hint = in.text();
        default -> {}
      }
    }
    String where = "SVID " + Quoted.of(id) + ": ";
    if (chain.length == 0 || key.length == 0) {
      throw missing(where + (chain.length == 0 ? "x509_svid" : "x509_svid_key"));
    }
    X509Svid svid;
    try {
      svid = X509Svid.of(Certificates.ofConcatenatedDer(chain), PrivateKeys.ofPkcs8(key));
    } catch (GeneralSecurityException e) {
      throw new IdentityException(where + Quoted.messageOf(e), e);
    }
    if (!svid.id().toString().equals(id)) {
      throw new IdentityException(where + "its certificate is of " + svid.id());
    }
    TrustDomain own = svid.id().trustDomain();
    bundles.put(own, x509Bundle(own, bundle));
    return new HintedSvid(svid, hint);
  }

  /** {@code X509BundlesResponse}. */
  static BundleSet x509Bundles(byte[] message) throws IdentityException {
    return bundles(message, 2, WorkloadMessages::x509Bundle);
  }

  /** {@code JWTBundlesResponse}. */
  static BundleSet jwtBundles(byte[] message) throws IdentityException {
    return bundles(message, 1, WorkloadMessages::jwtBundle);
  }

  private interface BundleReader {
    TrustBundle read(TrustDomain trustDomain, byte[] value) throws IdentityException;
  }

  private static BundleSet bundles(byte[] message, int mapField, BundleReader reader)
      throws IdentityException {
    Map<TrustDomain, TrustBundle> bundles = new LinkedHashMap<>();
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == mapField) {
        TrustBundle bundle = entry(in.message(), reader);
        bundles.put(bundle.trustDomain(), bundle);
      }
    }
    if (bundles.isEmpty()) {
      throw missing("bundles");
    }
    return BundleSet.of(bundles.values());
  }

  /** An entry of a map from trust domains. */
  private static TrustBundle entry(ProtoReader in, BundleReader reader) throws IdentityException {
    String key = "";
    byte[] value = {};
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.text();
        case 2 -> value = in.bytes();
        default -> {}
      }
    }
    return reader.read(trustDomain(key), value);
  }

  private static TrustBundle x509Bundle(TrustDomain trustDomain, byte[] der)
      throws IdentityException {
    try {
      List<X509Certificate> authorities = Certificates.ofConcatenatedDer(der);
      return TrustBundle.of(trustDomain, authorities);
    } catch (GeneralSecurityException e) {
      throw new IdentityException("bundle of " + trustDomain + ": " + Quoted.messageOf(e), e);
    }
  }

  private static TrustBundle jwtBundle(TrustDomain trustDomain, byte[] jwks)
      throws IdentityException {
    try {
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(jwks)).toString();
      return TrustBundle.ofJwks(trustDomain, json);
    } catch (InvalidBundleException e) {
      throw new IdentityException(Quoted.messageOf(e), e);
    } catch (CharacterCodingException e) {
      throw new IdentityException("bundle of " + trustDomain + ": not UTF-8", e);
    }
  }

  /** Keys are the IDs of trust domains; SPIRE's older agents wrote the names alone. */
  private static TrustDomain trustDomain(String key) throws IdentityException {
    SpiffeId id = SpiffeId.tryParse(key);
    TrustDomain named =
        id == null ? TrustDomain.tryParse(key) : id.namesWorkload() ? null : id.trustDomain();
    if (named == null) {
      throw new IdentityException("bundle of " + Quoted.of(key) + " (expected: a trust domain)");
    }
    return named;
  }

  /** {@code JWTSVIDRequest}. */
  static byte[] jwtSvidRequest(Iterable<String> audiences, @Nullable SpiffeId id) {
    ProtoWriter out = new ProtoWriter();
    for (String audience : audiences) {
      out.text(1, audience);
    }
    return out.text(2, id == null ? "" : id.toString()).toBytes();
  }

  /** {@code JWTSVIDResponse}. */
  static List<JwtSvid> jwtSvids(byte[] message) throws IdentityException {
    List<JwtSvid> svids = new ArrayList<>();
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        svids.add(jwtSvid(in.message()));
      }
    }
    if (svids.isEmpty()) {
      throw missing("svids");
    }
    return List.copyOf(svids);
  }

  private static JwtSvid jwtSvid(ProtoReader in) throws IdentityException {
    String id = "";
    String token = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.text();
        case 2 -> token = in.text();
        default -> {}
      }
    }
    return jwtSvid(id, token);
  }

  /** {@code ValidateJWTSVIDRequest}. */
  static byte[] validateRequest(String audience, String token) {
    return new ProtoWriter().text(1, audience).text(2, token).toBytes();
  }

  /** {@code ValidateJWTSVIDResponse}, whose claims are the token's own. */
  static JwtSvid validated(byte[] message, String token) throws IdentityException {
    String id = "";
    ProtoReader in = new ProtoReader(message);
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        id = in.text();
      }
    }
    return jwtSvid(id, token);
  }

  private static JwtSvid jwtSvid(String id, String token) throws IdentityException {
    JwtSvid svid;
    try {
      svid = JwtSvid.unverified(token);
    } catch (SvidRejectedException e) {
      throw new IdentityException("SVID " + Quoted.of(id) + ": " + Quoted.messageOf(e), e);
    }
    if (!svid.id().toString().equals(id)) {
      throw new IdentityException("SVID " + Quoted.of(id) + ": its token is of " + svid.id());
    }
    return svid;
  }

  private static IdentityException missing(String what) {
    return new IdentityException(what + ": missing (expected: always there)");
  }
}
