package io.meshclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What native images have to keep: the rules on the class path, and the records they become. */
final class MeshClientRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints.resources().registerPattern("mesh/**");
    RecordHints.register(hints, classLoader);
  }
}
