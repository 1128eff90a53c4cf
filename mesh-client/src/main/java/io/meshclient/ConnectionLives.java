package io.meshclient;

import io.meshclient.policy.PoolLimits;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections that have carried as many requests, have been idle for as long, or are as old as
 * their destination's pool allows. OkHttp knows no such limits of a destination's own: so a
 * connection from its pool that is over is closed before anything is written to it, and the try is
 * made again on another. A connection of HTTP/2 has several calls' streams, and ends between them.
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
  private static final int ENDED = -1;

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
    if (connection == null || events == null) {
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
    if (life == null && !allowed.equals(PoolLimits.Life.UNLIMITED)) {
      forgetTheClosed();
      life = lives.computeIfAbsent(connection, Life::new);
    }
    if (life == null) {
      return;
    }
    Use use = life.use(allowed, clock.nanoTime());
    if (use == null) {
      lives.remove(connection);
      throw new Retired();
    }
    events.use(use);
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
    private final boolean shared;
    private final long since = clock.nanoTime();
    private final AtomicInteger requests = new AtomicInteger();

    /** Requests on it; {@link #ENDED} once no other may begin. */
    private final AtomicInteger busy = new AtomicInteger();

    private volatile long idleSince = since;
    private volatile boolean last;

    Life(Connection connection) {
      socket = connection.socket();
      shared = connection.protocol() != Protocol.HTTP_1_1;
    }

    /** One more request; {@code null} if the connection is over, and closed. */
    @Nullable Use use(PoolLimits.Life allowed, long now) {
      // Only one call at a time has a connection of HTTP/1: if it has it, nobody else does.
      if (isOver(allowed, now) && (!shared || busy.compareAndSet(0, ENDED)) || !begin()) {
        close(socket);
        return null;
      }
      int number = requests.incrementAndGet();
      boolean isLast = allowed.requests() > 0 && number >= allowed.requests();
      last |= isLast;
      return new Use(this, isLast);
    }

    private boolean isOver(PoolLimits.Life allowed, long now) {
      return last
          || allowed.requests() > 0 && requests.get() >= allowed.requests()
          || allowed.age() > 0 && now - since >= allowed.age()
          || allowed.idle() > 0 && busy.get() == 0 && now - idleSince >= allowed.idle();
    }

    private boolean begin() {
      int now = busy.get();
      while (now != ENDED) {
        if (busy.compareAndSet(now, now + 1)) {
          return true;
        }
        now = busy.get();
      }
      return false;
    }

    void rest(boolean wasLast) {
      idleSince = clock.nanoTime();
      int left = busy.decrementAndGet();
      if (shared ? last && left == 0 && busy.compareAndSet(0, ENDED) : wasLast) {
        close(socket);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was to be gone, and is.
    }
  }

  /**
   * One request's use of a connection. It knows by itself whether it is the last: by the time its
   * answer has been read, OkHttp may have given the connection to another call.
   */
  static final class Use {
    private final Life life;
    private final boolean last;
    private final AtomicBoolean over = new AtomicBoolean();

    private Use(Life life, boolean last) {
      this.life = life;
      this.last = last;
    }

    /** The answer's body is over, or there will be none; a second time changes nothing. */
    void end() {
      if (over.compareAndSet(false, true)) {
        life.rest(last);
      }
    }
  }
}
