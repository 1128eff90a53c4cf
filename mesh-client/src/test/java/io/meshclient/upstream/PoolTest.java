package io.meshclient.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.PoolLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PoolTest {
  private static final int NONE = PoolLimits.UNLIMITED;

  private final List<EndpointState> endpoints = EjectionsTest.endpoints(3);
  private final EndpointState a = endpoints.get(0);
  private final EndpointState b = endpoints.get(1);

  @Test
  void requestsBeyondTheConnections_wait_thenOverflow() {
    Pool pool = pool(2, 3, NONE);
    List<Lease> leases = ask(pool, a, 8);
    assertThat(leases)
        .extracting(PoolTest::state)
        .containsExactly(
            "held", "held", "waiting", "waiting", "waiting", "refused", "refused", "refused");
    assertThat(pool.active()).isEqualTo(2);
    assertThat(pool.pending()).isEqualTo(3);
    leases.forEach(Lease::close);
    assertIdle(pool);
  }

  @Test
  void whoWaits_isServedInTurn() {
    Pool pool = pool(1, NONE, NONE);
    List<Lease> leases = ask(pool, a, 4);
    for (int i = 0; i < leases.size(); i++) {
      assertThat(state(leases.get(i))).isEqualTo("held");
      leases.get(i).close();
      leases.get(i).close();
    }
    assertIdle(pool);
  }

  @Test
  void whoLeavesTheQueue_isPassedOver() {
    Pool pool = pool(1, 2, NONE);
    List<Lease> leases = ask(pool, a, 3);
    leases.get(1).close();
    assertThat(state(pool.ask(a))).as("its place is free").isEqualTo("waiting");
    leases.get(0).close();
    assertThat(state(leases.get(2))).isEqualTo("held");
  }

  @Test
  void eachEndpoint_hasAConnectionOfItsOwn() {
    Pool pool = pool(1, NONE, NONE);
    Lease toA = pool.ask(a);
    Lease toB = pool.ask(b);
    Lease more = pool.ask(b);
    assertThat(List.of(state(toA), state(toB), state(more)))
        .containsExactly("held", "held", "waiting");
    toA.close();
    assertThat(state(more)).as("b's own is in use, and the limit is reached").isEqualTo("waiting");
    toB.close();
    assertThat(state(more)).isEqualTo("held");
    more.close();
    assertIdle(pool);
  }

  @Test
  void freePlace_goesToTheSameEndpointFirst() {
    Pool pool = pool(2, NONE, NONE);
    Lease toA = pool.ask(a);
    Lease toB = pool.ask(b);
    Lease secondToB = pool.ask(b);
    Lease secondToA = pool.ask(a);
    toA.close();
    assertThat(state(secondToA)).isEqualTo("held");
    assertThat(state(secondToB)).isEqualTo("waiting");
    secondToA.close();
    assertThat(state(secondToB)).as("nobody waits for a").isEqualTo("held");
    secondToB.close();
    toB.close();
    assertIdle(pool);
  }

  @Test
  void requests_areLimitedAsWell() {
    Pool pool = pool(NONE, NONE, 2);
    List<Lease> leases = ask(pool, a, 3);
    assertThat(leases).extracting(PoolTest::state).containsExactly("held", "held", "refused");
    leases.forEach(Lease::close);
    assertIdle(pool);
  }

  @Test
  void multiplexedConnection_carriesAll() {
    Pool pool = pool(1, NONE, NONE);
    List<Lease> leases = new ArrayList<>(ask(pool, a, 3));
    pool.multiplexed(a, true);
    leases.add(pool.ask(a));
    assertThat(leases).extracting(PoolTest::state).containsOnly("held");
    pool.multiplexed(a, false);
    leases.forEach(Lease::close);
    assertIdle(pool);
  }

  @Test
  void newerLimits_holdForThoseWhoWait() {
    Pool pool = pool(1, NONE, NONE);
    List<Lease> leases = ask(pool, a, 4);
    pool.update(limits(3, NONE, NONE, NONE, null));
    assertThat(leases)
        .extracting(PoolTest::state)
        .containsExactly("held", "held", "held", "waiting");
    leases.forEach(Lease::close);
    assertIdle(pool);
  }

  @Test
  void retries_areLimited() {
    Pool pool = new Pool(limits(NONE, NONE, NONE, 2, null));
    assertThat(pool.beginRetry() && pool.beginRetry()).isTrue();
    assertThat(pool.beginRetry()).isFalse();
    pool.endRetry();
    assertThat(pool.beginRetry()).isTrue();
    assertThat(pool.retries()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} %, at least {1}, of {2}: {3}")
  @CsvSource({"20, 3, 0, 3", "20, 3, 10, 3", "20, 3, 50, 10", "0, 0, 50, 0", "100, 1, 7, 7"})
  void budget_isAShareOfTheRequests(double percent, int min, int requests, int retries) {
    PoolLimits.RetryBudget budget = new PoolLimits.RetryBudget(percent, min);
    Pool pool = new Pool(limits(NONE, NONE, NONE, 1, budget));
    ask(pool, a, requests);
    int begun = 0;
    while (pool.beginRetry()) {
      begun++;
    }
    assertThat(begun).isEqualTo(retries);
  }

  /** Each endpoint may add one connection to the limit. */
  @Test
  void fiftyThreads_neverExceedTheLimits_andLoseNoPlace() throws Exception {
    int limit = 4;
    Pool pool = pool(limit, 20, NONE);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        done.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 400; j++) {
                    request(pool, held, most, served, refused);
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get(50, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isLessThanOrEqualTo(limit + endpoints.size());
    assertThat(served.get()).isPositive();
    assertIdle(pool);
    List<Lease> leases = ask(pool, a, limit + 1);
    assertThat(leases.subList(0, limit)).extracting(PoolTest::state).containsOnly("held");
    assertThat(state(leases.get(limit))).isEqualTo("waiting");
  }

  private void request(
      Pool pool,
      AtomicInteger held,
      AtomicInteger most,
      AtomicInteger served,
      AtomicInteger refused) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    EndpointState endpoint = endpoints.get(random.nextInt(endpoints.size()));
    boolean impatient = random.nextInt(4) == 0;
    try (Lease lease = pool.ask(endpoint)) {
      long until = System.nanoTime() + (impatient ? 20_000 : 20_000_000_000L);
      while (lease.isWaiting() && System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
      if (lease.isRefused()) {
        refused.incrementAndGet();
      } else if (!lease.isWaiting()) {
        most.accumulateAndGet(held.incrementAndGet(), Math::max);
        Thread.onSpinWait();
        held.decrementAndGet();
        served.incrementAndGet();
      }
    }
  }

  private void assertIdle(Pool pool) {
    assertThat(pool.active()).isZero();
    assertThat(pool.pending()).isZero();
    assertThat(endpoints).allMatch(endpoint -> endpoint.active() == 0);
  }

  private static List<Lease> ask(Pool pool, EndpointState endpoint, int times) {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      leases.add(pool.ask(endpoint));
    }
    return leases;
  }

  private static String state(Lease lease) {
    return lease.isWaiting() ? "waiting" : lease.isRefused() ? "refused" : "held";
  }

  private static Pool pool(int connections, int pending, int requests) {
    return new Pool(limits(connections, pending, requests, NONE, null));
  }

  private static PoolLimits limits(
      int connections, int pending, int requests, int retries, PoolLimits.RetryBudget budget) {
    return new PoolLimits(
        connections, pending, requests, retries, budget, PoolLimits.Life.UNLIMITED, null);
  }
}
