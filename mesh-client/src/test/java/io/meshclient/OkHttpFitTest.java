package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OkHttpFitTest {
  private static final String OTHER_CALL =
      """
      package okhttp3;

      public interface Call {
        Request request();
      }
      """;

  @Test
  void okHttp_ofTheBuild_fits() {
    assertThatCode(OkHttpFit::require).doesNotThrowAnyException();
  }

  @Test
  void anotherOkHttp_firstOnTheClassPath_isNamed(@TempDir Path other) throws Exception {
    Path source = Files.createDirectories(other.resolve("okhttp3")).resolve("Call.java");
    Files.writeString(source, OTHER_CALL);
    List<URL> path = new ArrayList<>(List.of(other.toUri().toURL()));
    String classPath = System.getProperty("java.class.path");
    for (String part : classPath.split(File.pathSeparator, -1)) {
      path.add(Path.of(part).toUri().toURL());
    }
    String[] arguments = {"-proc:none", "-cp", classPath, "-d", "" + other, "" + source};
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments)).isZero();

    try (URLClassLoader loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method require = loader.loadClass(OkHttpFit.class.getName()).getDeclaredMethod("require");
      require.setAccessible(true);
      assertThat(catchThrowable(() -> require.invoke(null)).getCause())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("OkHttp of file:" + other)
          .hasMessageContaining("expected: okhttp-jvm 5.5 or later")
          .hasCauseInstanceOf(LinkageError.class);
    }
  }
}
