package io.meshclient.cli.identity;

import io.meshclient.identity.BundleSet;
import io.meshclient.identity.JwtSvid;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustBundle;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.identity.X509Svid;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/** The Workload API's answers, as the SPIFFE Workload API writes them (sections 5 and 6). */
final class WorkloadApiAnswers {

  private WorkloadApiAnswers() {}

  static byte[] x509Svids(List<WorkloadIdentity> identities, BundleSet bundles) {
    Message answer = new Message();
    for (WorkloadIdentity identity : identities) {
      X509Svid svid = identity.svid();
      answer.message(
          1,
          new Message()
              .text(1, svid.id().toString())
              .bytes(2, der(svid.chain()))
              .bytes(3, svid.privateKey().getEncoded())
              .bytes(4, der(bundle(bundles, svid.id().trustDomain()).x509Authorities()))
              .text(5, hint(svid.id())));
    }
    for (TrustDomain trustDomain : bundles.trustDomains()) {
      boolean own =
          identities.stream().anyMatch(i -> i.svid().id().trustDomain().equals(trustDomain));
      if (!own) {
        byte[] authorities = der(bundle(bundles, trustDomain).x509Authorities());
        answer.entry(3, trustDomain.id().toString(), authorities);
      }
    }
    return answer.toBytes();
  }

  /** What an ID is for is usually said by its last segment. */
  private static String hint(SpiffeId id) {
    return id.path().substring(id.path().lastIndexOf('/') + 1);
  }

  static byte[] x509Bundles(BundleSet bundles) {
    Message answer = new Message();
    for (TrustDomain trustDomain : bundles.trustDomains()) {
      byte[] authorities = der(bundle(bundles, trustDomain).x509Authorities());
      answer.entry(2, trustDomain.id().toString(), authorities);
    }
    return answer.toBytes();
  }

  static byte[] jwtBundles(BundleSet bundles) {
    Message answer = new Message();
    for (TrustDomain trustDomain : bundles.trustDomains()) {
      TrustBundle bundle = bundle(bundles, trustDomain);
      TrustBundle keys =
          new TrustBundle(trustDomain, List.of(), bundle.jwtAuthorities(), null, null);
      byte[] jwks = keys.toJwks().getBytes(StandardCharsets.UTF_8);
      answer.entry(1, trustDomain.id().toString(), jwks);
    }
    return answer.toBytes();
  }

  static byte[] jwtSvids(List<JwtSvid> svids) {
    Message answer = new Message();
    for (JwtSvid svid : svids) {
      answer.message(
          1,
          new Message()
              .text(1, svid.id().toString())
              .text(2, svid.token())
              .text(3, hint(svid.id())));
    }
    return answer.toBytes();
  }

  /** With the claims that the standard knows, as {@code google.protobuf.Struct}. */
  static byte[] validated(JwtSvid svid) {
    Message audience = new Message();
    for (String name : svid.audience()) {
      audience.message(1, new Message().text(3, name));
    }
    Message claims =
        new Message()
            .entry(1, "sub", new Message().text(3, svid.id().toString()).toBytes())
            .entry(1, "aud", new Message().message(6, audience).toBytes())
            .entry(
                1,
                "exp",
                new Message().number(2, (double) svid.expiresAt().getEpochSecond()).toBytes());
    return new Message().text(1, svid.id().toString()).message(2, claims).toBytes();
  }

  private static TrustBundle bundle(BundleSet bundles, TrustDomain trustDomain) {
    return Objects.requireNonNull(bundles.bundle(trustDomain), "bundle of an own trust domain");
  }

  private static byte[] der(List<X509Certificate> certificates) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (X509Certificate certificate : certificates) {
      try {
        out.writeBytes(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate without an encoding", e);
      }
    }
    return out.toByteArray();
  }
}
