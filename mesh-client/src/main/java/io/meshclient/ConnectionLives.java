package io.meshclient;

import io.meshclient.policy.PoolLimits;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;

/**
 * Ends connections that have carried as many requests, have been idle for as long, or are as old as
 * their destination's pool allows. OkHttp knows no such limits of a destination's own: so a
 * connection from its pool that is over is closed before anything is written to it, and the try is
 * made again on another. Connections of HTTP/2 are shared, and left alone.
 */
final class ConnectionLives implements Interceptor {

  /** The connection that OkHttp took from its pool is over; nothing was sent on it. */
  static final class Retired extends IOException {
    private static final long serialVersionUID = 1L;

    Retired() {
      super("connection retired");
    }
  }

  private static final int FEW = 64;

  private final ConcurrentHashMap<Connection, Life> lives = new ConcurrentHashMap<>();
  private final MeshClock clock;
  private volatile int many = FEW;

  ConnectionLives(MeshClock clock) {
    this.clock = clock;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = chain.connection();
    CallEvents events = chain.call().tag(CallEvents.class);
    if (connection == null || events == null || connection.protocol() != Protocol.HTTP_1_1) {
      return chain.proceed(chain.request());
    }
    if (events.stale()) {
      throw new Retired();
    }
    PoolLimits limits = events.limits();
    if (limits != null && limits.keepalive() != null && events.fresh()) {
      Keepalive.set(connection.socket(), limits.keepalive());
    }
    PoolLimits.Life allowed = limits == null ? PoolLimits.Life.UNLIMITED : limits.life();
    if (!lives.isEmpty() || !allowed.equals(PoolLimits.Life.UNLIMITED)) {
      begin(connection, events, allowed);
    }
    return chain.proceed(chain.request());
  }

  private void begin(Connection connection, CallEvents events, PoolLimits.Life allowed)
      throws IOException {
    Life life = lives.get(connection);
    if (life != null && life.isOver(allowed, clock.nanoTime())) {
      lives.remove(connection);
      connection.socket().close();
      throw new Retired();
    }
    if (life == null && !allowed.equals(PoolLimits.Life.UNLIMITED)) {
      forgetTheClosed();
      life = new Life(connection.socket());
      lives.put(connection, life);
    }
    if (life != null) {
      events.use(life.use(allowed));
    }
  }

  /** OkHttp tells nobody when it closes an idle connection. */
  private void forgetTheClosed() {
    if (lives.size() >= many) {
      lives.keySet().removeIf(connection -> connection.socket().isClosed());
      many = Math.max(FEW, 2 * lives.size());
    }
  }

  /** One connection's. */
  private final class Life {
    private final Socket socket;
    private final long since = clock.nanoTime();
    private volatile long idleSince = since;
    private volatile boolean busy;
    private volatile boolean last;
    private volatile int requests;

    Life(Socket socket) {
      this.socket = socket;
    }

    boolean isOver(PoolLimits.Life allowed, long now) {
      return last
          || allowed.requests() > 0 && requests >= allowed.requests()
          || allowed.age() > 0 && now - since >= allowed.age()
          || allowed.idle() > 0 && !busy && now - idleSince >= allowed.idle();
    }

    /** Only one call at a time has the connection. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    Use use(PoolLimits.Life allowed) {
      busy = true;
      requests++;
      last = allowed.requests() > 0 && requests >= allowed.requests();
      return new Use(this, last);
    }

    void rest() {
      idleSince = clock.nanoTime();
      busy = false;
    }
  }

  /**
   * One request's use of a connection. It knows by itself whether it is the last: by the time its
   * answer has been read, OkHttp may have given the connection to another call.
   */
  static final class Use {
    private final Life life;
    private final boolean last;

    private Use(Life life, boolean last) {
      this.life = life;
      this.last = last;
    }

    /** The answer's body is over. */
    void end() {
      life.rest();
      if (last) {
        try {
          life.socket.close();
        } catch (IOException e) {
          // It was to be gone, and is.
        }
      }
    }
  }
}
