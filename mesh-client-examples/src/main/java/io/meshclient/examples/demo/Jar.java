package io.meshclient.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The jar that all services are run from, so that two runs can be seen to have had the same. */
record Jar(String name, String sha256) {

  /** Empty where classes come from somewhere else. */
  static Optional<Jar> own() throws IOException {
    Path path = Path.of(System.getProperty("java.class.path").split(":", 2)[0]);
    if (!path.toString().endsWith(".jar") || !Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(Files.readAllBytes(path));
      return Optional.of(new Jar(path.getFileName().toString(), HexFormat.of().formatHex(hash)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
