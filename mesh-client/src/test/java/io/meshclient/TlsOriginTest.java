package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLServerSocket;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsOriginTest {
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private final HeldCertificate other =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private final HeldCertificate ofServer =
      new HeldCertificate.Builder()
          .addSubjectAlternativeName("orders")
          .addSubjectAlternativeName("*.example.com")
          .signedBy(authority)
          .build();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final AtomicLong later = new AtomicLong();
  private Path ca;
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    ca = Files.writeString(directory.resolve("ca.pem"), authority.certificatePem());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  private RawServer server(boolean asksForCertificate) throws IOException {
    HandshakeCertificates certificates =
        new HandshakeCertificates.Builder()
            .heldCertificate(ofServer)
            .addTrustedCertificate(authority.certificate())
            .build();
    ServerSocket listener =
        certificates
            .sslContext()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ((SSLServerSocket) listener).setNeedClientAuth(asksForCertificate);
    RawServer server = RawServer.start(listener, e -> e.send(RawServer.OK));
    toClose.add(server);
    return server;
  }

  private MeshClient mesh(RawServer server, String tls) {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          trafficPolicy:
            tls: %s
        """
            .formatted(tls);
    MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .config(ConfigSource.yaml("rules.yaml", yaml))
            .endpoint("orders", server.hostPort())
            .onDecision(decisions::add)
            .clock(later::get)
            .build();
    toClose.add(mesh);
    return mesh;
  }

  private static int status(MeshClient mesh) throws IOException {
    Request request = new Request.Builder().url("http://orders:8080/x").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      response.body().string();
      return response.code();
    }
  }

  @Test
  void simple_sendsAPlainRequestByTls_overOneConnection() throws IOException {
    RawServer server = server(false);
    MeshClient mesh = mesh(server, "{mode: SIMPLE, caCertificates: " + ca + "}");
    for (int i = 0; i < 3; i++) {
      assertThat(status(mesh)).isEqualTo(200);
    }
    assertThat(server.requests.get(0).header("host")).isEqualTo("orders:8080");
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void simple_underAnotherAuthority_sendsNothing() throws IOException {
    RawServer server = server(false);
    Files.writeString(ca, other.certificatePem());
    assertThat(status(mesh(server, "{mode: SIMPLE, caCertificates: " + ca + "}"))).isEqualTo(503);
    assertThat(server.requests).isEmpty();
    assertThat(decisions.get(0).flags()).contains("UF");
  }

  @Test
  void simple_checksTheNameThatSniAsksFor() throws IOException {
    RawServer server = server(false);
    String with = "{mode: SIMPLE, caCertificates: " + ca + ", sni: ";
    assertThat(status(mesh(server, with + "shop.example.com}"))).isEqualTo(200);
    assertThat(status(mesh(server, with + "shop.example.org}"))).isEqualTo(503);
  }

  @Test
  void subjectAltNames_standInForTheHostsName() throws IOException {
    RawServer server = server(false);
    String with = "{mode: SIMPLE, caCertificates: " + ca + ", sni: x.org, subjectAltNames: ";
    assertThat(status(mesh(server, with + "[a.org, shop.example.com]}"))).isEqualTo(200);
    assertThat(status(mesh(server, with + "[a.org, a.shop.example.com]}"))).isEqualTo(503);
  }

  @Test
  void insecureSkipVerify_takesAnyCertificate() throws IOException {
    RawServer server = server(false);
    Files.writeString(ca, other.certificatePem());
    String tls = "{mode: SIMPLE, insecureSkipVerify: true, sni: any.org}";
    assertThat(status(mesh(server, tls))).isEqualTo(200);
  }

  @Test
  void mutual_showsItsCertificate_withEitherKindOfKey() throws IOException {
    HeldCertificate ec = new HeldCertificate.Builder().signedBy(authority).build();
    HeldCertificate rsa = new HeldCertificate.Builder().rsa2048().signedBy(authority).build();
    RawServer server = server(true);
    assertThat(status(mesh(server, mutual(ec, ec.privateKeyPkcs8Pem())))).isEqualTo(200);
    assertThat(status(mesh(server, mutual(rsa, rsa.privateKeyPkcs8Pem())))).isEqualTo(200);
    assertThat(status(mesh(server, mutual(rsa, rsa.privateKeyPkcs1Pem())))).isEqualTo(200);
    String simple = "{mode: SIMPLE, caCertificates: " + ca + "}";
    assertThat(status(mesh(server, simple))).isEqualTo(503);
  }

  private String mutual(HeldCertificate own, String privateKey) throws IOException {
    Path certificate = Files.createTempFile(directory, "own", ".pem");
    Path key = Files.createTempFile(directory, "own", ".key");
    Files.writeString(certificate, own.certificatePem());
    Files.writeString(key, privateKey);
    return "{mode: MUTUAL, caCertificates: "
        + ca
        + ", clientCertificate: "
        + certificate
        + ", privateKey: "
        + key
        + "}";
  }

  @Test
  void files_areReadAgainWhenTheyChange() throws Exception {
    RawServer server = server(false);
    Files.writeString(ca, other.certificatePem());
    MeshClient mesh = mesh(server, "{mode: SIMPLE, caCertificates: " + ca + "}");
    assertThat(status(mesh)).isEqualTo(503);
    Files.writeString(ca, other.certificatePem() + authority.certificatePem());
    assertThat(status(mesh)).as("within a second of the last look").isEqualTo(503);
    later.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(status(mesh)).isEqualTo(200);
    Files.writeString(ca, "spoiled");
    later.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(status(mesh)).isEqualTo(200);
  }

  @Test
  void files_thatAreMissing_keepRequestsFromGoingOut() throws IOException {
    RawServer server = server(false);
    String tls = "{mode: SIMPLE, caCertificates: " + directory.resolve("none.pem") + "}";
    assertThat(status(mesh(server, tls))).isEqualTo(503);
    assertThat(server.connections).hasValue(0);
  }

  @Test
  void whatIsNotCarriedOut_isAProblem() throws IOException {
    RawServer server = server(false);
    assertThat(mesh(server, "{mode: ISTIO_MUTUAL}").problems())
        .extracting(Problem::toString)
        .containsExactly(
            "MESH0211 rules.yaml:7 trafficPolicy.tls.mode: ISTIO_MUTUAL is left to the mesh:"
                + " requests go out in plain text");
    assertThat(mesh(server, "{mode: SIMPLE, credentialName: c}").problems())
        .extracting(Problem::toString)
        .containsExactly(
            "MESH0211 rules.yaml:7 trafficPolicy.tls.credentialName: \"c\" cannot be read here;"
                + " the JDK's authorities are trusted (expected: files)");
  }
}
