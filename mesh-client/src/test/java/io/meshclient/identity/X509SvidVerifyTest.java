package io.meshclient.identity;

import static io.meshclient.identity.TestCertificate.CLOCK;
import static io.meshclient.identity.TestCertificate.NOW;
import static io.meshclient.identity.TestCertificate.ca;
import static io.meshclient.identity.TestCertificate.leaf;
import static io.meshclient.identity.TestCertificate.uriNames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class X509SvidVerifyTest {
  private static final String ID = "spiffe://td/ns/a/sa/b";
  private static final TrustDomain TD = TrustDomain.parse("td");
  private static final TrustDomain OTHER = TrustDomain.parse("other");

  private static final TestCertificate ROOT =
      ca("root").names(false, uriNames("spiffe://td")).selfSigned();
  private static final TestCertificate OTHER_ROOT = ca("other").selfSigned();
  private static final TestCertificate MIDDLE = ca("middle").signedBy(ROOT);

  private static final BundleSet BUNDLES =
      BundleSet.of(bundle(TD, ROOT), bundle(OTHER, OTHER_ROOT));

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments("leaf of the root", chain(leaf(ID).signedBy(ROOT))),
        arguments("leaf of an intermediate", chain(leaf(ID).signedBy(MIDDLE), MIDDLE)),
        arguments("root at the end", chain(leaf(ID).signedBy(MIDDLE), MIDDLE, ROOT)),
        arguments("stranger above the root", chain(leaf(ID).signedBy(ROOT), ROOT, OTHER_ROOT)),
        arguments(
            "names of other kinds beside",
            chain(
                leaf()
                    .names(
                        false,
                        new GeneralName(GeneralName.dNSName, "b.a.svc"),
                        uriNames(ID)[0],
                        new GeneralName(GeneralName.iPAddress, "10.0.0.1"))
                    .signedBy(ROOT))),
        arguments(
            "no subject, critical names",
            chain(leaf().subject("").names(true, uriNames(ID)).signedBy(ROOT))),
        arguments(
            "no extended key usage",
            chain(leaf(ID).without(Extension.extendedKeyUsage).signedBy(ROOT))),
        arguments(
            "no basic constraints",
            chain(leaf(ID).without(Extension.basicConstraints).signedBy(ROOT))),
        arguments(
            "key encipherment and agreement too",
            chain(
                leaf(ID)
                    .keyUsage(
                        true,
                        KeyUsage.digitalSignature
                            | KeyUsage.keyEncipherment
                            | KeyUsage.keyAgreement)
                    .signedBy(ROOT))),
        arguments(
            "starts within the skew",
            chain(leaf(ID).valid(NOW.plusSeconds(9), NOW.plusSeconds(99)).signedBy(ROOT))),
        arguments(
            "ended within the skew",
            chain(leaf(ID).valid(NOW.minusSeconds(99), NOW.minusSeconds(9)).signedBy(ROOT))),
        arguments(
            "intermediate with the ID of a trust domain",
            issuedBy(ca("i").names(false, uriNames("spiffe://td")).signedBy(ROOT))),
        arguments(
            "intermediate constrained to the trust domain",
            issuedBy(constrained("td").signedBy(ROOT))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void chain_that_proves_its_id_is_accepted(String name, List<X509Certificate> chain)
      throws SvidRejectedException {
    assertThat(X509Svid.verify(chain, BUNDLES, CLOCK)).isEqualTo(SpiffeId.parse(ID));
  }

  static Stream<Arguments> badLeaves() {
    return Stream.of(
        arguments("no names", leaf(), SvidRejection.URI_COUNT, "0 URIs"),
        arguments(
            "no URI",
            leaf().names(false, new GeneralName(GeneralName.dNSName, "td")),
            SvidRejection.URI_COUNT,
            "0 URIs"),
        arguments("two IDs", leaf(ID, "spiffe://td/c"), SvidRejection.URI_COUNT, "2 URIs"),
        arguments("one ID twice", leaf(ID, ID), SvidRejection.URI_COUNT, "2 URIs"),
        arguments("ID and web page", leaf(ID, "https://td/"), SvidRejection.URI_COUNT, "2 URIs"),
        arguments("web page", leaf("https://td/a"), SvidRejection.ID_INVALID, "scheme: 'h'"),
        arguments("upper case", leaf("spiffe://TD/a"), SvidRejection.ID_INVALID, "'T' at 9"),
        arguments("port", leaf("spiffe://td:1/a"), SvidRejection.ID_INVALID, "':' at 11"),
        arguments("dot segment", leaf("spiffe://td/../a"), SvidRejection.ID_INVALID, "\"..\""),
        arguments("root path", leaf("spiffe://td"), SvidRejection.ID_WITHOUT_PATH, "names a trust"),
        arguments("slash", leaf("spiffe://td/"), SvidRejection.ID_INVALID, "slash at the end"),
        arguments(
            "address of three bytes",
            names(0x30, 5, 0x87, 3, 10, 0, 1),
            SvidRejection.NAMES_MALFORMED,
            "subject alternative names: "),
        arguments(
            "trust domain that the platform cannot read",
            leaf("spiffe://td./a"),
            SvidRejection.NAMES_MALFORMED,
            "subject alternative names: "),
        arguments(
            "URI that the platform cannot read",
            leaf(ID, "::"),
            SvidRejection.NAMES_MALFORMED,
            "subject alternative names: "),
        arguments(
            "URI that is not ASCII",
            names(0x30, 13, 0x86, 11, 's', 'p', 'i', 'f', 'f', 'e', ':', '/', '/', 0xe2, 'x'),
            SvidRejection.ID_INVALID,
            "trust domain: U+00E2 at 9"),
        arguments("empty list", names(0x30, 0), SvidRejection.NAMES_MALFORMED, "no names"),
        arguments("no list", names(0x04, 0), SvidRejection.NAMES_MALFORMED, "tag 4"),
        arguments("cut off", names(0x30, 5, 0x86, 9), SvidRejection.NAMES_MALFORMED, "length"),
        arguments("long length", names(0x30, 0x81, 2, 0x82, 0), SvidRejection.NAMES_MALFORMED, ""),
        arguments("trailing byte", names(0x30, 2, 0x82, 0, 7), SvidRejection.NAMES_MALFORMED, ""),
        arguments("constructed URI", names(0x30, 2, 0xa6, 0), SvidRejection.NAMES_MALFORMED, ""),
        arguments("unknown name", names(0x30, 2, 0x89, 0), SvidRejection.NAMES_MALFORMED, ""),
        arguments(
            "CA",
            leaf(ID).extend(Extension.basicConstraints, true, new BasicConstraints(true)),
            SvidRejection.IS_CA,
            "a CA"),
        arguments(
            "illegible constraints",
            leaf(ID).extend(Extension.basicConstraints, false, new byte[] {0x30, 1, 1}),
            SvidRejection.IS_CA,
            "basic constraints: DER"),
        arguments(
            "constraints that are half true",
            leaf(ID).extend(Extension.basicConstraints, false, new byte[] {0x30, 3, 1, 1, 1}),
            SvidRejection.IS_CA,
            "neither true nor false"),
        arguments(
            "no key usage",
            leaf(ID).without(Extension.keyUsage),
            SvidRejection.KEY_USAGE,
            "none (expected: digital signature)"),
        arguments(
            "key usage not critical",
            leaf(ID).keyUsage(false, KeyUsage.digitalSignature),
            SvidRejection.KEY_USAGE,
            "not critical"),
        arguments(
            "no digital signature",
            leaf(ID).keyUsage(true, KeyUsage.keyEncipherment),
            SvidRejection.KEY_USAGE,
            "no digital signature"),
        arguments(
            "signs certificates",
            leaf(ID).keyUsage(true, KeyUsage.digitalSignature | KeyUsage.keyCertSign),
            SvidRejection.KEY_USAGE,
            "signs certificates or revocations"),
        arguments(
            "signs revocations",
            leaf(ID).keyUsage(true, KeyUsage.digitalSignature | KeyUsage.cRLSign),
            SvidRejection.KEY_USAGE,
            "signs certificates or revocations"),
        arguments(
            "server only",
            leaf(ID).extendedKeyUsage(KeyPurposeId.id_kp_serverAuth),
            SvidRejection.EXTENDED_KEY_USAGE,
            "[1.3.6.1.5.5.7.3.1]"),
        arguments(
            "client only",
            leaf(ID).extendedKeyUsage(KeyPurposeId.id_kp_clientAuth),
            SvidRejection.EXTENDED_KEY_USAGE,
            "[1.3.6.1.5.5.7.3.2]"),
        arguments(
            "any usage",
            leaf(ID).extendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage),
            SvidRejection.EXTENDED_KEY_USAGE,
            "2.5.29.37.0"),
        arguments(
            "illegible extended usage",
            leaf(ID).extend(Extension.extendedKeyUsage, false, new byte[] {0x30, 2, 6}),
            SvidRejection.EXTENDED_KEY_USAGE,
            "extended key usage"),
        arguments(
            "tomorrow's",
            leaf(ID).valid(NOW.plusSeconds(11), NOW.plusSeconds(99)),
            SvidRejection.NOT_YET_VALID,
            "valid from 2026-03-01T12:00:11Z"),
        arguments(
            "yesterday's",
            leaf(ID).valid(NOW.minusSeconds(99), NOW.minusSeconds(11)),
            SvidRejection.EXPIRED,
            "to 2026-03-01T11:59:49Z"),
        arguments(
            "unknown critical extension",
            leaf(ID).extend(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE),
            SvidRejection.UNTRUSTED,
            "not vouched for"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badLeaves")
  void leaf_that_is_no_svid_is_refused(
      String name, TestCertificate.Builder leaf, SvidRejection reason, String details) {
    assertRefused(chain(leaf.signedBy(ROOT)), reason, details);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badLeaves")
  void leaf_is_looked_at_before_trust(
      String name, TestCertificate.Builder leaf, SvidRejection reason, String details) {
    if (reason != SvidRejection.UNTRUSTED) {
      assertRefused(chain(leaf.selfSigned()), reason, details);
    }
  }

  static Stream<Arguments> badChains() {
    TestCertificate leaf = leaf(ID).signedBy(MIDDLE);
    return Stream.of(
        arguments("no certificate", List.of(), SvidRejection.CHAIN_LENGTH, "0 certificates"),
        arguments(
            "eleven certificates",
            Collections.nCopies(11, leaf.certificate()),
            SvidRejection.CHAIN_LENGTH,
            "11 certificates"),
        arguments(
            "no bundle",
            chain(leaf("spiffe://unknown/a").signedBy(ROOT)),
            SvidRejection.NO_BUNDLE,
            "no bundle of its trust domain (known: [other, td])"),
        arguments(
            "authority of another trust domain",
            chain(leaf("spiffe://other/a").signedBy(ROOT)),
            SvidRejection.UNTRUSTED,
            "spiffe://other/a: not vouched for"),
        arguments(
            "authority of another trust domain, in the chain",
            chain(leaf(ID).signedBy(OTHER_ROOT), OTHER_ROOT),
            SvidRejection.UNTRUSTED,
            "not vouched for"),
        arguments(
            "root that nobody knows, in the chain",
            issuedBy(ca("root").selfSigned()),
            SvidRejection.UNTRUSTED,
            "not vouched for"),
        arguments(
            "self-signed leaf", chain(leaf(ID).selfSigned()), SvidRejection.UNTRUSTED, "vouched"),
        arguments("forged leaf", chain(leaf(ID).forged(ROOT)), SvidRejection.UNTRUSTED, "vouched"),
        arguments(
            "forged intermediate",
            issuedBy(ca("middle").forged(ROOT)),
            SvidRejection.UNTRUSTED,
            "vouched"),
        arguments("intermediate is missing", chain(leaf), SvidRejection.UNTRUSTED, "vouched"),
        arguments(
            "leaf of a leaf",
            issuedBy(leaf("spiffe://td/issuer").signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "certificate 1: basic constraints: no CA"),
        arguments(
            "intermediate without key usage",
            issuedBy(ca("i").without(Extension.keyUsage).signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "certificate 1: key usage: none"),
        arguments(
            "intermediate that must not sign",
            issuedBy(ca("i").keyUsage(true, KeyUsage.digitalSignature).signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "no certificate signing"),
        arguments(
            "intermediate with the ID of a workload",
            issuedBy(ca("i").names(false, uriNames("spiffe://td/a")).signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "expected: the ID of a trust domain"),
        arguments(
            "intermediate with two IDs",
            issuedBy(ca("i").names(false, uriNames("spiffe://td", "spiffe://b")).signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "2 URIs"),
        arguments(
            "intermediate with ID and lax key usage",
            issuedBy(
                ca("i")
                    .names(false, uriNames("spiffe://td"))
                    .keyUsage(false, KeyUsage.keyCertSign)
                    .signedBy(ROOT)),
            SvidRejection.SIGNING_CERTIFICATE,
            "not critical"),
        arguments(
            "intermediate that has expired",
            issuedBy(ca("i").valid(NOW.minusSeconds(99), NOW.minusSeconds(11)).signedBy(ROOT)),
            SvidRejection.EXPIRED,
            "certificate 1: valid from"),
        arguments(
            "intermediate constrained to elsewhere",
            issuedBy(constrained("other").signedBy(ROOT)),
            SvidRejection.UNTRUSTED,
            "vouched"),
        arguments(
            "longer than the path length allows",
            twoBelow(
                ca("i")
                    .extend(Extension.basicConstraints, true, new BasicConstraints(0))
                    .signedBy(ROOT)),
            SvidRejection.UNTRUSTED,
            "vouched"),
        arguments(
            "in another order",
            chain(leaf, ca("x").signedBy(ROOT), MIDDLE),
            SvidRejection.UNTRUSTED,
            "vouched"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badChains")
  void chain_that_proves_nothing_is_refused(
      String name, List<X509Certificate> chain, SvidRejection reason, String details) {
    assertRefused(chain, reason, details);
  }

  static Stream<Arguments> badAuthorities() {
    return Stream.of(
        arguments("none", null, "nothing for X.509"),
        arguments(
            "no CA",
            ca("r").extend(Extension.basicConstraints, true, new BasicConstraints(false)),
            "no CA"),
        arguments("no constraints", ca("r").without(Extension.basicConstraints), "no CA"),
        arguments("must not sign", ca("r").keyUsage(true, KeyUsage.digitalSignature), "signing"),
        arguments(
            "workload's ID", ca("r").names(false, uriNames("spiffe://td/a")), "of a trust domain"),
        arguments("expired", ca("r").valid(NOW.minusSeconds(99), NOW.minusSeconds(11)), "EXPIRED"),
        arguments(
            "not yet valid", ca("r").valid(NOW.plusSeconds(11), NOW.plusSeconds(99)), "NOT_YET"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAuthorities")
  void authority_that_may_not_vouch_is_of_no_use(
      String name, TestCertificate.Builder authority, String details) {
    TestCertificate root = authority == null ? ROOT : authority.selfSigned();
    BundleSet bundles =
        BundleSet.of(authority == null ? TrustBundle.of(TD, List.of()) : bundle(TD, root));

    assertThatThrownBy(() -> X509Svid.verify(chain(leaf(ID).signedBy(root)), bundles, CLOCK))
        .isInstanceOfSatisfying(
            SvidRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(SvidRejection.NO_BUNDLE))
        .hasMessageContaining("is of no use: ")
        .hasMessageContaining(details);
  }

  @Test
  void leaf_in_the_bundle_does_not_vouch_for_itself() {
    TestCertificate leaf = leaf(ID).signedBy(MIDDLE);
    BundleSet bundles =
        BundleSet.of(TrustBundle.of(TD, List.of(leaf.certificate(), OTHER_ROOT.certificate())));

    assertThatThrownBy(() -> X509Svid.verify(chain(leaf), bundles, CLOCK))
        .isInstanceOf(SvidRejectedException.class);
  }

  @Test
  void expired_authority_does_not_hide_its_successor_of_the_same_key() throws Exception {
    TestCertificate old = ca("root").valid(NOW.minusSeconds(99), NOW.minusSeconds(50)).selfSigned();
    TestCertificate renewed = ca("root").keys(old.keys()).selfSigned();
    BundleSet bundles =
        BundleSet.of(TrustBundle.of(TD, List.of(old.certificate(), renewed.certificate())));

    assertThat(X509Svid.verify(chain(leaf(ID).signedBy(renewed)), bundles, CLOCK)).hasToString(ID);
  }

  @Test
  void intermediate_in_the_bundle_is_enough() throws Exception {
    assertThat(
            X509Svid.verify(
                chain(leaf(ID).signedBy(MIDDLE), MIDDLE), BundleSet.of(bundle(TD, MIDDLE)), CLOCK))
        .hasToString(ID);
  }

  @Test
  void time_passes_by_the_clock_that_is_given() throws Exception {
    List<X509Certificate> chain =
        chain(leaf(ID).valid(NOW, NOW.plus(Duration.ofMinutes(5))).signedBy(ROOT));

    assertThat(X509Svid.verify(chain, BUNDLES, at(NOW.plusSeconds(310)))).hasToString(ID);
    assertRefused(chain, SvidRejection.EXPIRED, "valid from", at(NOW.plusSeconds(311)));
    assertRefused(chain, SvidRejection.NOT_YET_VALID, "valid from", at(NOW.minusSeconds(11)));
  }

  @Test
  void trust_domains_keep_their_authorities_to_themselves() throws Exception {
    BundleSet swapped = BundleSet.of(bundle(TD, OTHER_ROOT), bundle(OTHER, ROOT));

    assertThat(X509Svid.verify(chain(leaf("spiffe://other/a").signedBy(ROOT)), swapped, CLOCK))
        .hasToString("spiffe://other/a");
    assertThatThrownBy(() -> X509Svid.verify(chain(leaf(ID).signedBy(ROOT)), swapped, CLOCK))
        .isInstanceOf(SvidRejectedException.class);
  }

  private static void assertRefused(
      List<X509Certificate> chain, SvidRejection reason, String details) {
    assertRefused(chain, reason, details, CLOCK);
  }

  private static void assertRefused(
      List<X509Certificate> chain, SvidRejection reason, String details, Clock clock) {
    assertThatThrownBy(() -> X509Svid.verify(chain, BUNDLES, clock))
        .isInstanceOfSatisfying(
            SvidRejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(details)
        .message()
        .matches("[ -~]+");
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  private static TrustBundle bundle(TrustDomain trustDomain, TestCertificate root) {
    return TrustBundle.of(trustDomain, List.of(root.certificate()));
  }

  private static List<X509Certificate> issuedBy(TestCertificate issuer) {
    return chain(leaf(ID).signedBy(issuer), issuer);
  }

  private static List<X509Certificate> twoBelow(TestCertificate issuer) {
    TestCertificate between = ca("between").signedBy(issuer);
    return chain(leaf(ID).signedBy(between), between, issuer);
  }

  private static TestCertificate.Builder constrained(String trustDomain) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, trustDomain);
    return ca("constrained")
        .extend(
            Extension.nameConstraints,
            true,
            new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(name)}, null));
  }

  private static TestCertificate.Builder names(int... bytes) {
    byte[] value = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      value[i] = (byte) bytes[i];
    }
    return leaf().extend(Extension.subjectAlternativeName, false, value);
  }

  private static List<X509Certificate> chain(TestCertificate... certificates) {
    List<X509Certificate> chain = new ArrayList<>();
    for (TestCertificate each : certificates) {
      chain.add(each.certificate());
    }
    return chain;
  }
}
