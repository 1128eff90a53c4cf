package io.meshclient.mesh;

import java.util.EnumSet;
import java.util.List;

/**
 * Which mesh is around, as far as is known now, and who therefore owns what. Immutable: requests
 * read one, and get tables that were made beforehand.
 */
public final class MeshState {

  /** Whether the local proxy takes requests. */
  public enum Readiness {
    /** It has no endpoint that tells, or it was not asked yet. */
    UNKNOWN,
    /** Its endpoint does not answer, or says no. */
    NOT_READY,
    /** Its endpoint said yes. */
    READY
  }

  private final MeshMode mode;
  private final Basis basis;
  private final Readiness readiness;
  private final Interception interception;
  private final Ownership seen;
  private final Ownership byTls;
  private final Ownership local;
  private final Ownership byAddress;
  private final Ownership byPort;
  private final Ownership byRange;
  private final Ownership byIdentity;

  MeshState(
      MeshMode mode,
      Basis basis,
      Readiness readiness,
      Interception interception,
      List<String> evidence) {
    this.mode = mode;
    this.basis = basis;
    this.readiness = readiness;
    this.interception = interception;
    boolean sure = basis.isSure();
    this.seen =
        new Ownership(
            mode,
            basis,
            Table.of(mode, sure),
            mode == MeshMode.NONE ? "no mesh is around" : mode.proxy() + " is on the way",
            evidence);
    this.byTls = opaque("https: " + mode.proxy() + " cannot look into it");
    this.local = seen.only(EnumSet.noneOf(Capability.class), "this machine: no mesh is on the way");
    this.byAddress = opaque("an address that is no service: " + mode.proxy() + " has no rules");
    this.byPort = opaque("the port is not led through " + mode.proxy());
    this.byRange = opaque("the address is not led through " + mode.proxy());
    this.byIdentity =
        opaque("it goes out by mutual TLS, which is the library's until the mesh is confirmed");
  }

  private Ownership opaque(String why) {
    return mode == MeshMode.NONE ? seen : seen.only(Table.ofOpaque(mode, basis.isSure()), why);
  }

  /** Which mesh. */
  public MeshMode mode() {
    return mode;
  }

  /** What that rests on. */
  public Basis basis() {
    return basis;
  }

  /** Whether the local proxy takes requests. */
  public Readiness readiness() {
    return readiness;
  }

  /** Who owns what of a plain request to a service by its name. */
  public Ownership ownership() {
    return seen;
  }

  /**
   * Who owns what of requests to a destination.
   *
   * @param https whether the application's request is TLS by itself
   * @param host of the URL: a name, or an address without brackets
   * @param isService whether the configuration knows a service by that host
   */
  public Ownership ownership(boolean https, String host, int port, boolean isService) {
    if (mode == MeshMode.NONE) {
      return seen;
    }
    if (isLocal(host)) {
      return local;
    }
    if (https) {
      return byTls;
    }
    if (interception.excludes(port) || interception.passesBy(port)) {
      return byPort;
    }
    if (!Cidr.isAddress(host)) {
      return seen;
    }
    return !isService ? byAddress : interception.excludesAddress(host, port) ? byRange : seen;
  }

  /** The same, of a destination that the library proves identities to and asks for them. */
  public Ownership ownershipByIdentity() {
    return byIdentity;
  }

  /** Redirection leaves the loopback interface alone. */
  private static boolean isLocal(String host) {
    return host.equals("localhost")
        || host.startsWith("127.") && Cidr.isAddress(host)
        || host.equals("::1");
  }

  /** What is asked whether the local proxy takes requests; empty where nothing is. */
  public String readyEndpoint() {
    LocalProxy proxy = LocalProxy.of(mode);
    return proxy == null || proxy.ready() == null ? "" : proxy.ready().toString();
  }

  @Override
  public String toString() {
    return mode.word() + " (" + basis.word() + ")";
  }
}
