package io.meshclient.bench;

import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls of a resource of Sentinel whose breaker is open. */
@State(Scope.Benchmark)
public class SentinelRejections {
  private final String resource = SentinelRules.open();

  @Benchmark
  public Object rejection() {
    try {
      return SphU.entry(resource);
    } catch (BlockException e) {
      return e;
    }
  }
}
