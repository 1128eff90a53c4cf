package io.meshclient.examples;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** An answer to send. */
record Reply(int status, String type, String body) {

  static Reply text(int status, String text) {
    return new Reply(status, "text/plain; charset=utf-8", text);
  }

  static Reply json(int status, JsonElement json) {
    return new Reply(status, "application/json", json + "\n");
  }

  static Reply notFound(String path) {
    return error(404, "no such path: " + path);
  }

  static Reply notAllowed(String method) {
    return error(405, "method not allowed: " + method);
  }

  static Reply error(int status, String error) {
    JsonObject json = new JsonObject();
    json.addProperty("error", error);
    return json(status, json);
  }
}
