package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of the Workload API and SDS, spoilt in many ways. */
class MessagesTest {
  private static final int ROUNDS = 4_000;

  private interface Reader {
    Object read(byte[] message) throws IdentityException;
  }

  static Stream<Arguments> messages() throws IOException, GeneralSecurityException {
    TrustDomain td = TrustDomain.parse("td");
    LocalAuthority authority = LocalAuthority.of(td).build();
    SpiffeId id = SpiffeId.parse("spiffe://td/web");
    X509Svid svid = authority.issue(id);
    byte[] root = authority.bundles().bundle(td).x509Authorities().get(0).getEncoded();
    byte[] x509 =
        message(
            field(
                1,
                message(
                    field(1, utf8("spiffe://td/web")),
                    field(2, svid.leaf().getEncoded()),
                    field(3, svid.privateKey().getEncoded()),
                    field(4, root),
                    field(5, utf8("internal")))),
            field(3, message(field(1, utf8("spiffe://other")), field(2, root))));
    byte[] x509Bundles = message(field(2, message(field(1, utf8("spiffe://td")), field(2, root))));
    byte[] jwtBundles =
        message(
            field(
                1,
                message(
                    field(1, utf8("spiffe://td")),
                    field(2, utf8(authority.bundles().bundle(td).toJwks())))));
    byte[] jwt =
        message(
            field(
                1,
                message(
                    field(1, utf8("spiffe://td/web")),
                    field(2, utf8(authority.issueToken(id, List.of("a")).token())))));
    byte[] secret =
        message(
            field(1, utf8("default")),
            field(
                2,
                message(
                    field(1, message(field(2, utf8(PemText.of(svid.chain()))))),
                    field(2, message(field(2, utf8(PemText.of(svid.privateKey()))))))));
    byte[] sds =
        message(
            field(1, utf8("v1")),
            field(2, message(field(1, utf8(SdsMessages.SECRET_TYPE)), field(2, secret))),
            field(5, utf8("n1")));
    return Stream.of(
        arguments("X509SVIDResponse", x509, (Reader) WorkloadMessages::x509Context),
        arguments("X509BundlesResponse", x509Bundles, (Reader) WorkloadMessages::x509Bundles),
        arguments("JWTBundlesResponse", jwtBundles, (Reader) WorkloadMessages::jwtBundles),
        arguments("JWTSVIDResponse", jwt, (Reader) WorkloadMessages::jwtSvids),
        arguments("DiscoveryResponse", sds, (Reader) SdsMessages::answer),
        arguments("Secret", secret, (Reader) MessagesTest::identity));
  }

  private static Object identity(byte[] message) throws IdentityException {
    SdsSecret secret = SdsSecret.read(message);
    if (secret.key() == null || secret.chain() == null) {
      return secret;
    }
    return new PemIdentity("key", "chain", "roots").svid(secret.key(), secret.chain());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void message_is_read(String name, byte[] message, Reader reader) throws IdentityException {
    assertThat(reader.read(message)).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void unknown_fields_are_passed_over(String name, byte[] message, Reader reader)
      throws IdentityException {
    byte[] more =
        message(
            message,
            field(99, utf8("later")),
            new byte[] {(byte) 0xa0, 6, (byte) 0x96, 1},
            new byte[] {(byte) 0xa5, 6, 1, 2, 3, 4},
            new byte[] {(byte) 0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8});

    assertThat(reader.read(more)).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void message_cut_off_is_read_or_refused(String name, byte[] message, Reader reader) {
    for (int length = 0; length < message.length; length++) {
      readOrRefused(Arrays.copyOf(message, length), reader);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void spoilt_message_is_read_or_refused(String name, byte[] message, Reader reader) {
    Random random = new Random(7);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            byte[] spoilt = message.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
              spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            }
            readOrRefused(spoilt, reader);
          }
        });
  }

  private static void readOrRefused(byte[] message, Reader reader) {
    try {
      reader.read(message);
    } catch (IdentityException e) {
      assertThat(e.getMessage()).isNotBlank().matches("[ -~]+");
    } catch (RuntimeException e) {
      throw new AssertionError("of " + latin1(message), e);
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("field 0", new byte[] {2, 0}, "field 0"),
        arguments("group", new byte[] {0x0b}, "wire type 3"),
        arguments("number without end", new byte[] {(byte) 0x80}, "a number ends early"),
        arguments("number of 11 bytes", elevenBytes(), "more than 64 bits"),
        arguments("length beyond all", new byte[] {10, -1, -1, -1, -1, 7}, "ends early"),
        arguments("negative length", negative(), "ends early"),
        arguments("number for a message", new byte[] {8, 1}, "wire type 0 (expected: 2)"));
  }

  private static byte[] elevenBytes() {
    byte[] number = new byte[12];
    Arrays.fill(number, (byte) 0x80);
    return number;
  }

  private static byte[] negative() {
    byte[] field = new byte[11];
    Arrays.fill(field, (byte) 0xff);
    field[0] = 10;
    field[10] = 1;
    return field;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformed_message_is_refused(String name, byte[] message, String expected) {
    assertThatThrownBy(() -> WorkloadMessages.x509Context(message))
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith("malformed message: ")
        .hasMessageContaining(expected);
  }

  /** All in one. */
  private static byte[] message(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] field(int number, byte[] value) {
    return message(varint(number << 3 | 2), varint(value.length), value);
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      out.write(rest & 0x7f | 0x80);
    }
    out.write(rest);
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String latin1(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}
