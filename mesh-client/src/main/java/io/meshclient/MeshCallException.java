package io.meshclient;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A call that the library itself ended without an answer. What the mesh answers by itself (404,
 * 503, 504) is a response, in both worlds; this is for what no proxy would say.
 */
public class MeshCallException extends IOException {
  private static final long serialVersionUID = 1L;

  MeshCallException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
