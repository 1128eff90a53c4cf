package io.meshclient.cli.proxy;

import io.meshclient.identity.BundleSet;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.TrustBundle;
import io.meshclient.identity.TrustDomain;
import io.meshclient.identity.WorkloadIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An identity whose authorities are the whole mesh's: as in Istio, one CA signs for the mesh's
 * trust domain and for its aliases.
 */
final class MeshAuthorities implements IdentitySource {

  private record Made(WorkloadIdentity of, List<TrustDomain> domains, WorkloadIdentity made) {}

  private final IdentitySource source;
  private final Supplier<List<TrustDomain>> domains;
  private final AtomicReference<@Nullable Made> last = new AtomicReference<>();

  /**
   * @param source closed with this
   * @param domains the mesh's
   */
  MeshAuthorities(IdentitySource source, Supplier<List<TrustDomain>> domains) {
    this.source = source;
    this.domains = domains;
  }

  @Override
  public @Nullable WorkloadIdentity identity() {
    WorkloadIdentity own = source.identity();
    return own == null ? null : widened(own);
  }

  private WorkloadIdentity widened(WorkloadIdentity own) {
    List<TrustDomain> now = domains.get();
    Made known = last.get();
    if (known != null && known.of.equals(own) && known.domains.equals(now)) {
      return known.made;
    }
    TrustBundle bundle = own.bundles().bundle(own.svid().id().trustDomain());
    if (bundle == null || now.isEmpty()) {
      return own;
    }
    BundleSet all = own.bundles();
    for (TrustDomain domain : now) {
      all = all.with(TrustBundle.of(domain, bundle.x509Authorities()));
    }
    WorkloadIdentity made = new WorkloadIdentity(own.svid(), all);
    last.set(new Made(own, now, made));
    return made;
  }

  @Override
  public @Nullable IdentityException problem() {
    return source.problem();
  }

  @Override
  public Registration onChange(Listener listener) {
    return source.onChange(changed -> listener.changed(changed == null ? null : widened(changed)));
  }

  @Override
  public WorkloadIdentity await(Duration atMost) throws IdentityException, InterruptedException {
    return widened(source.await(atMost));
  }

  @Override
  public void close() {
    source.close();
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
