package io.meshclient;

/** The time that durations are measured by: never the wall clock's. */
@FunctionalInterface
interface MeshClock {
  MeshClock SYSTEM = System::nanoTime;

  long nanoTime();
}
