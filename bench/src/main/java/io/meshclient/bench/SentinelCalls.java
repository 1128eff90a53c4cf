package io.meshclient.bench;

import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls of a resource of Sentinel whose breaker is closed. */
@State(Scope.Benchmark)
public class SentinelCalls {
  private final String resource = SentinelRules.closed();

  @Benchmark
  public void call() throws BlockException {
    SphU.entry(resource).exit();
  }
}
