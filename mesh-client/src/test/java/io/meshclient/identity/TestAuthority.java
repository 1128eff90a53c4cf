package io.meshclient.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority of a trust domain for tests of any package: mints SVIDs that are valid as of now.
 */
public final class TestAuthority {
  private final TrustDomain trustDomain;
  private final TestCertificate root;

  public TestAuthority(String trustDomain) {
    this.trustDomain = TrustDomain.parse(trustDomain);
    this.root =
        TestCertificate.ca("root of " + trustDomain)
            .valid(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600))
            .selfSigned();
  }

  public TrustBundle bundle() {
    return TrustBundle.of(trustDomain, List.of(root.certificate()));
  }

  TestCertificate root() {
    return root;
  }

  /** A good leaf, to be spoiled. */
  TestCertificate.Builder leaf(String id) {
    return TestCertificate.leaf(id)
        .keys(TestCertificate.newKeys())
        .valid(Instant.now().minusSeconds(60), Instant.now().plusSeconds(600));
  }

  /** An identity that trusts this authority and others. */
  public WorkloadIdentity identity(String id, Duration life, TestAuthority... federated) {
    BundleSet bundles = BundleSet.of(bundle());
    for (TestAuthority other : federated) {
      bundles = bundles.with(other.bundle());
    }
    return identity(id, life, bundles);
  }

  /** An identity that trusts these. */
  public WorkloadIdentity identity(String id, Duration life, BundleSet bundles) {
    TestCertificate leaf =
        leaf(id).valid(Instant.now().minusSeconds(60), Instant.now().plus(life)).signedBy(root);
    return new WorkloadIdentity(svid(List.of(leaf.certificate()), leaf), bundles);
  }

  private static X509Svid svid(List<X509Certificate> chain, TestCertificate leaf) {
    try {
      return X509Svid.of(chain, leaf.keys().getPrivate());
    } catch (SvidRejectedException e) {
      throw new AssertionError(e);
    }
  }
}
