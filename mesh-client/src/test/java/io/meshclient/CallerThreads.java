package io.meshclient;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that calls are made on. */
enum CallerThreads {
  PLATFORM {
    @Override
    ExecutorService start() {
      return Executors.newCachedThreadPool();
    }
  },
  VIRTUAL {
    @Override
    ExecutorService start() throws ReflectiveOperationException {
      assumeTrue(Runtime.version().feature() >= 21, "virtual threads (expected: JDK 21 or later)");
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
  };

  abstract ExecutorService start() throws ReflectiveOperationException;
}
