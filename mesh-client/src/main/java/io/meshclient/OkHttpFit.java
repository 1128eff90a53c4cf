package io.meshclient;

import java.security.CodeSource;
import java.util.List;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Whether the OkHttp that runs is one that was compiled against. OkHttp 4 has another artifact
 * name, so that a build tool puts both on a class path, and the first one wins: calls would then
 * fail one by one.
 */
final class OkHttpFit {

  private OkHttpFit() {}

  /**
   * Does once what calls do.
   *
   * @throws IllegalStateException if it cannot be done
   */
  static void require() {
    try {
      OkHttpClient plain =
          new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)).build();
      plain.newCall(new Request.Builder().url("http://localhost/").build()).tag(String.class);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "OkHttp of "
              + place()
              + " (expected: okhttp-jvm 5.5 or later and no other OkHttp on the class path; manage"
              + " com.squareup.okhttp3:okhttp to the same version, which is empty)",
          e);
    }
  }

  private static String place() {
    CodeSource source = Call.class.getProtectionDomain().getCodeSource();
    return source == null ? "an unknown place" : String.valueOf(source.getLocation());
  }
}
