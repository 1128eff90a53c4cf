package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.context.MeshContext;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What access logs of a servlet container say of a request whose lengths nobody announced. */
@Timeout(60)
final class BytesOnServletsTest {
  private static final String TEXT = "Grüße €😀"; // 5 + 2 + 2 + 3 + 4 bytes, in fewer characters
  private static final int TEXT_BYTES = TEXT.getBytes(StandardCharsets.UTF_8).length;
  private static final String BODY = "5\r\nGr\u00c3\u00bc.\r\n4\r\nmore\r\n0\r\n\r\n";

  private final AtomicReference<String> requestId = new AtomicReference<>();
  @TempDir Path directory;

  @ParameterizedTest(name = "{0} {1}: {2} and {3} bytes")
  @CsvSource({
    "GET, /stream, 0, 8561",
    "GET, /print, 0, 6",
    "GET, /writer, 0, -1",
    "GET, /println, 0, 2",
    "GET, /reset, 0, 3",
    "GET, /nonblocking, 0, 80000",
    "GET, /dispatched, 0, 8561",
    "GET, /later, 0, 4",
    "GET, /unmodified, 0, 0",
    "HEAD, /stream, 0, 0",
    "POST, /stream, 9, 8561",
    "POST, /reader, 9, 0"
  })
  void log_has_the_bytes_that_passed(String method, String path, int received, int sent)
      throws Exception {
    Answered answered = ask("%BYTES_RECEIVED% %BYTES_SENT%", method, path);
    assertThat(answered.lines())
        .containsExactly(received + " " + (sent < 0 ? 100 * TEXT_BYTES : sent));
    if (!method.equals("HEAD")) {
      assertThat(answered.bodyBytes()).isEqualTo(sent < 0 ? 100 * TEXT_BYTES : sent);
    }
  }

  @Test
  void log_has_the_request_id_that_was_made() throws Exception {
    Answered answered = ask("%REQ(X-REQUEST-ID)%", "GET", "/print");
    assertThat(requestId.get()).isNotNull();
    assertThat(answered.lines()).containsExactly(requestId.get());
  }

  private record Answered(int bodyBytes, List<String> lines) {}

  private final class Speaking extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      requestId.set(MeshContext.current().requestId());
      switch (request.getServletPath()) {
        case "/stream" -> {
          request.getInputStream().readAllBytes();
          response.getOutputStream().write(new byte[8560]);
          response.getOutputStream().write('.');
        }
        case "/print" -> response.getOutputStream().print(123456L);
        case "/writer" -> {
          response.setContentType("text/plain;charset=UTF-8");
          for (int i = 0; i < 100; i++) {
            response.getWriter().printf("%s", TEXT);
          }
        }
        case "/println" -> response.getWriter().println("a");
        case "/reset" -> {
          response.getOutputStream().print("never sent");
          response.reset();
          response.getWriter().write("new");
        }
        case "/nonblocking" -> writeWhenReady(request.startAsync());
        case "/dispatched" -> {
          AsyncContext later = request.startAsync();
          later.start(() -> later.dispatch("/stream"));
        }
        case "/later" -> {
          AsyncContext later = request.startAsync();
          later.start(() -> writeLater(later));
        }
        case "/reader" -> request.setAttribute("line", request.getReader().readLine());
        default -> response.setStatus(304);
      }
    }

    private static void writeLater(AsyncContext later) {
      try {
        later.getResponse().getWriter().write("late");
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } finally {
        later.complete();
      }
    }

    private static void writeWhenReady(AsyncContext later) throws IOException {
      ServletOutputStream out = later.getResponse().getOutputStream();
      out.setWriteListener(
          new WriteListener() {
            private int left = 10;

            @Override
            public void onWritePossible() throws IOException {
              while (out.isReady()) {
                if (left == 0) {
                  later.complete();
                  return;
                }
                left--;
                out.write(new byte[8000]);
              }
            }

            @Override
            public void onError(Throwable failure) {
              later.complete();
            }
          });
    }
  }

  private Answered ask(String format, String method, String path) throws Exception {
    LoggedRequests log = new LoggedRequests(directory.resolve("access.log"), format);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    FilterHolder filter =
        new FilterHolder(MeshServletFilter.builder().telemetry(log.telemetry()).build());
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    ServletHolder servlet = new ServletHolder(new Speaking());
    servlet.setAsyncSupported(true);
    for (String known :
        List.of(
            "/stream",
            "/print",
            "/writer",
            "/println",
            "/reset",
            "/nonblocking",
            "/dispatched",
            "/later",
            "/reader",
            "/unmodified")) {
      context.addServlet(servlet, known);
    }
    server.setHandler(context);
    server.start();
    int body;
    try {
      body = bodyBytes(connector.getLocalPort(), method, path);
    } finally {
      server.stop(); // whose threads have ended then
    }
    return new Answered(body, log.lines());
  }

  /** As it was on the wire; HTTP/1.0 has no chunks. */
  private static int bodyBytes(int port, String method, String path) throws IOException {
    boolean hasBody = method.equals("POST");
    String version = hasBody ? "1.1" : "1.0";
    String more = hasBody ? "Transfer-Encoding: chunked\r\nConnection: close\r\n" : "";
    String head = "%s %s HTTP/%s\r\nHost: a\r\n%s\r\n".formatted(method, path, version, more);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write((head + (hasBody ? BODY : "")).getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      int end = answer.indexOf("\r\n\r\n") + 4;
      return answer.contains("Transfer-Encoding: chunked")
          ? Integer.parseInt(answer.substring(end, answer.indexOf('\r', end)), 16)
          : answer.length() - end;
    }
  }
}
