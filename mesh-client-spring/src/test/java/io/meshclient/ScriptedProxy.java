package io.meshclient;

import io.meshclient.mesh.Prober;
import io.meshclient.mesh.Surroundings;
import io.meshclient.spring.MeshClientBuilderCustomizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the mesh's proxy beside the workload; it is ready when it is asked again. */
public final class ScriptedProxy implements Prober {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger(1);

  /** Has the client look at this proxy in place of the machine's. */
  public MeshClientBuilderCustomizer around(Path empty) {
    return builder ->
        builder.surroundings(
            new Surroundings(empty, empty, empty, Map.of(), this, System::nanoTime));
  }

  @Override
  public int ask(String method, int port, String path) {
    int status = left.getAndDecrement() > 0 ? 503 : 200;
    asked.add(method + " " + path + " " + status);
    return status;
  }

  /** What it was asked, and answered. */
  public List<String> asked() {
    return asked;
  }
}
