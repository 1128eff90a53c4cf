package io.meshclient.cli.identity;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A local authority's identities, served over the SPIFFE Workload API to other processes: for
 * development and demonstrations. Whoever can open the socket gets all of them, renewed at half of
 * their life. Safe from any thread.
 */
public final class WorkloadApiServer implements AutoCloseable {
  private final IssuedIdentities issued;
  private final GrpcServer server;

  private WorkloadApiServer(IssuedIdentities issued, GrpcServer server) {
    this.issued = issued;
    this.server = server;
  }

  /**
   * Listens from now on.
   *
   * @param socket the Unix domain socket, which only its owner can open
   * @param ids what is handed out; the first is the default
   * @throws IOException if the socket cannot be listened on
   * @throws IllegalArgumentException if an ID is of another trust domain, or of none's workload
   */
  public static WorkloadApiServer start(Path socket, LocalAuthority authority, List<SpiffeId> ids)
      throws IOException {
    requireNonNull(socket, "socket");
    IssuedIdentities issued = new IssuedIdentities(authority, ids);
    try {
      return new WorkloadApiServer(
          issued, GrpcServer.start(socket, new WorkloadApiService(issued).methods()));
    } catch (IOException e) {
      issued.close();
      throw e;
    }
  }

  /** Waits until it is closed. */
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() {
    issued.close();
    server.close();
  }
}
