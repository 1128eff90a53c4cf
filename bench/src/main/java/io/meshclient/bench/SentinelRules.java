package io.meshclient.bench;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import java.util.List;

/** Resources of Sentinel with a breaker of the default window, of one second. */
final class SentinelRules {
  private static final int SECONDS_OPEN = 3600;
  private static final int MINIMUM = 100;

  private SentinelRules() {}

  /** The name of a resource whose breaker is closed. */
  static String closed() {
    String name = "closed";
    DegradeRule rule = new DegradeRule(name);
    rule.setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
        .setCount(0.5)
        .setMinRequestAmount(MINIMUM)
        .setTimeWindow(SECONDS_OPEN);
    DegradeRuleManager.loadRules(List.of(rule));
    return name;
  }

  /** The name of a resource whose breaker is open. */
  static String open() {
    String name = closed();
    // Its window tumbles each second: so many in a row surely fall into one.
    for (int i = 0; i < 100 * MINIMUM; i++) {
      try {
        Entry entry = SphU.entry(name);
        Tracer.traceEntry(new IllegalStateException("HTTP 503"), entry);
        entry.exit();
      } catch (BlockException e) {
        return name;
      }
    }
    throw new IllegalStateException("Sentinel's breaker is closed (expected: open)");
  }
}
