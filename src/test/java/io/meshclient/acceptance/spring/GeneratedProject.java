package io.meshclient.acceptance.spring;

import java.io.IOException;
import java.nio.file.Path;

/** A small project of somebody else's, which {@link BootProjects} builds. */
interface GeneratedProject {

  /** Its directory, and its artifact. */
  String name();

  /** Writes it below a directory, which it gets one of its own in. */
  void write(Path parent, String meshVersion) throws IOException;
}
