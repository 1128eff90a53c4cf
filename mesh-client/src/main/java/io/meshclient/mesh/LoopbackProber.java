package io.meshclient.mesh;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;

/** By the JDK's own client: a connection for each question, and no proxy of the environment's. */
final class LoopbackProber implements Prober {
  private static final int MILLIS = 1000;

  @Override
  public int ask(String method, int port, String path) {
    HttpURLConnection connection = null;
    try {
      URL url = URI.create("http://127.0.0.1:" + port + path).toURL();
      connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(MILLIS);
      connection.setReadTimeout(MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(method);
      connection.setRequestProperty("Connection", "close");
      return connection.getResponseCode();
    } catch (IOException e) {
      return -1;
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }
}
