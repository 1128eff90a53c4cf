package io.meshclient.identity;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SPIFFE Workload API (SPIFFE Workload Endpoint and Workload API), once for each call. For
 * an identity that is kept up to date there is {@link WorkloadApiSource}.
 *
 * <p>What the API says is taken as it says it, since whoever serves the socket is trusted with all
 * identities anyway; that it is well-formed is checked.
 *
 * <p>May be shared by threads. Each call waits for at most 10 seconds.
 */
public final class WorkloadApi implements AutoCloseable {
  /** The environment variable that says where the API is served. */
  public static final String ENDPOINT_VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

  private static final String SERVICE = "/SpiffeWorkloadAPI/";
  private static final Duration MOST = Duration.ofSeconds(10);
  private static final byte[] NOTHING = {};

  private final GrpcConnection connection;

  private WorkloadApi(GrpcEndpoint endpoint) {
    // Lest something else that can be talked into sending requests asks for a key.
    this.connection = new GrpcConnection(endpoint, "workload.spiffe.io", "true");
  }

  /**
   * The API at an endpoint. Nothing is sent yet.
   *
   * @param endpoint {@code unix:///path} or {@code tcp://address:port}
   * @throws IllegalArgumentException if it is neither
   */
  public static WorkloadApi at(String endpoint) {
    return new WorkloadApi(GrpcEndpoint.parse(Objects.requireNonNull(endpoint, "endpoint")));
  }

  /**
   * The API at the endpoint that {@code SPIFFE_ENDPOINT_SOCKET} names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static WorkloadApi ofEnvironment() {
    return at(environmentEndpoint());
  }

  static String environmentEndpoint() {
    String endpoint = System.getenv(ENDPOINT_VARIABLE);
    if (endpoint == null) {
      throw new IllegalArgumentException(
          ENDPOINT_VARIABLE + ": not set (expected: unix:///path or tcp://address:port)");
    }
    return endpoint;
  }

  /**
   * All X.509-SVIDs of the caller, and the bundles with them.
   *
   * @throws IdentityException if there is no good answer
   */
  public X509Context fetchX509Context() throws IdentityException {
    return WorkloadMessages.x509Context(call("FetchX509SVID", NOTHING));
  }

  /**
   * The bundles for X.509-SVIDs alone; for those who check and have no identity.
   *
   * @throws IdentityException if there is no good answer
   */
  public BundleSet fetchX509Bundles() throws IdentityException {
    return WorkloadMessages.x509Bundles(call("FetchX509Bundles", NOTHING));
  }

  /**
   * The bundles for JWT-SVIDs.
   *
   * @throws IdentityException if there is no good answer
   */
  public BundleSet fetchJwtBundles() throws IdentityException {
    return WorkloadMessages.jwtBundles(call("FetchJWTBundles", NOTHING));
  }

  /**
   * Tokens of the caller.
   *
   * @param audiences whom they are for; at least one
   * @param id whose, of the caller's IDs; {@code null} for all of them
   * @throws IdentityException if there is no good answer
   */
  public List<JwtSvid> fetchJwtSvids(Collection<String> audiences, @Nullable SpiffeId id)
      throws IdentityException {
    if (audiences.isEmpty() || audiences.contains("")) {
      throw new IllegalArgumentException("audiences: " + audiences + " (expected: some names)");
    }
    return WorkloadMessages.jwtSvids(
        call("FetchJWTSVID", WorkloadMessages.jwtSvidRequest(audiences, id)));
  }

  /**
   * Has the API check a token, instead of {@link JwtSvid#verify}: no bundle and no library for
   * signatures is needed then.
   *
   * @param audience what the caller is known as
   * @throws IdentityException if the token is refused, or there is no good answer
   */
  public JwtSvid validateJwtSvid(String audience, String token) throws IdentityException {
    byte[] request = WorkloadMessages.validateRequest(audience, token);
    return WorkloadMessages.validated(call("ValidateJWTSVID", request), token);
  }

  private byte[] call(String method, byte[] request) throws IdentityException {
    return connection.unary(SERVICE + method, request, MOST);
  }

  /** A stream of {@code FetchX509SVID}, not sent yet. */
  GrpcCall x509Stream() {
    return connection.stream(SERVICE + "FetchX509SVID", NOTHING);
  }

  /** A stream of {@code FetchJWTBundles}, not sent yet. */
  GrpcCall jwtBundleStream() {
    return connection.stream(SERVICE + "FetchJWTBundles", NOTHING);
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    connection.close();
  }

  /** The endpoint. */
  @Override
  public String toString() {
    return connection.toString();
  }
}
