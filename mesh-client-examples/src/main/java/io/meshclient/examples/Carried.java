package io.meshclient.examples;

import com.google.gson.JsonObject;
import io.meshclient.context.MeshContext;
import java.util.List;

/** Which of the headers that travel have come as far as this service. */
final class Carried {
  private static final List<String> SHOWN = List.of("x-canary", "x-user-id", "x-request-id");

  private Carried() {}

  static JsonObject json() {
    MeshContext context = MeshContext.current();
    JsonObject json = new JsonObject();
    for (String name : SHOWN) {
      String value = context.header(name);
      if (value != null) {
        json.addProperty(name, value);
      }
    }
    return json;
  }
}
