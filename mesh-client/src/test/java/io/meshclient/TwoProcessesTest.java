package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.BundleSet;
import io.meshclient.identity.TestAuthority;
import io.meshclient.identity.TestIdentity;
import io.meshclient.identity.TrustBundle;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two workloads in two processes, each the other's client and server. */
@Timeout(90)
class TwoProcessesTest {
  private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";
  private static final String PAY = "spiffe://cluster.local/ns/shop/sa/pay";
  private static final Duration LIFE = Duration.ofMinutes(5);
  static final char[] PASSWORD = "for-a-test".toCharArray();
  private static final TestAuthority AUTHORITY = new TestAuthority("cluster.local");

  /** The other process: says its port, then calls whatever ports it reads. */
  public static void main(String[] args) throws Exception {
    TestIdentity own = new TestIdentity(read(Path.of(args[0])));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (MutualServer server = new MutualServer(own, true)) {
      out.println(server.port());
      for (String port = in.readLine(); port != null; port = in.readLine()) {
        out.println(call(own, "web", Integer.parseInt(port)));
      }
    }
  }

  private static String call(TestIdentity own, String service, int port) {
    try (MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .namespace("shop")
                .identity(own)
                .mutualTls("*")
                .endpoint(service, "127.0.0.1:" + port)
                .build();
        Response response =
            mesh.okHttpClient()
                .newCall(new Request.Builder().url("http://" + service + ":8080/").build())
                .execute()) {
      return response.body().string();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A key store with the identity in it. */
  static void write(WorkloadIdentity identity, Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain = identity.svid().chain().toArray(new Certificate[0]);
    store.setKeyEntry("own", identity.svid().privateKey(), PASSWORD, chain);
    TrustBundle bundle = identity.bundles().bundle(identity.svid().id().trustDomain());
    store.setCertificateEntry("root", bundle.x509Authorities().get(0));
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
  }

  private static WorkloadIdentity read(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
    X509Svid svid =
        X509Svid.of(
            List.of((X509Certificate) store.getCertificateChain("own")[0]),
            (PrivateKey) store.getKey("own", PASSWORD));
    TrustDomain trustDomain = TrustDomain.parse("cluster.local");
    return new WorkloadIdentity(
        svid,
        BundleSet.of(
            TrustBundle.of(trustDomain, List.of((X509Certificate) store.getCertificate("root")))));
  }

  @Test
  void processes_proveThemselvesToEachOther(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("pay.p12");
    write(AUTHORITY.identity(PAY, LIFE), file);
    TestIdentity web = new TestIdentity(AUTHORITY.identity(WEB, LIFE));
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TwoProcessesTest.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader answers = other.inputReader(StandardCharsets.UTF_8);
        PrintWriter asks = new PrintWriter(other.outputWriter(StandardCharsets.UTF_8), true);
        MutualServer server = new MutualServer(web, true)) {
      int port = Integer.parseInt(answers.readLine());
      assertThat(call(web, "pay", port)).isEqualTo(WEB);
      asks.println(server.port());
      assertThat(answers.readLine()).isEqualTo(PAY);
      TestIdentity stranger =
          new TestIdentity(
              new TestAuthority("other").identity("spiffe://other/web", LIFE, AUTHORITY));
      assertThat(call(stranger, "pay", port))
          .contains("PeerIdentityException")
          .contains("peer: " + PAY)
          .contains("(expected: spiffe://other/ns/shop/*)");
      web.set(AUTHORITY.identity("spiffe://cluster.local/ns/elsewhere/sa/web", LIFE));
      asks.println(server.port());
      assertThat(answers.readLine())
          .contains("PeerIdentityException")
          .contains("peer: spiffe://cluster.local/ns/elsewhere/sa/web")
          .contains("(expected: spiffe://cluster.local/ns/shop/*)");
    } finally {
      other.destroy();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
