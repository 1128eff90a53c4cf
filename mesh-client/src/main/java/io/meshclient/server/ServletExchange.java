package io.meshclient.server;

import io.meshclient.context.HeaderSource;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A request to a servlet container, and its answer. For one thread. */
final class ServletExchange implements ServerExchange, HeaderSource {
  /** Where Spring's DispatcherServlet tells which pattern it chose the handler by. */
  private static final String SPRING_ROUTE =
      "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

  private final HttpServletRequest request;
  private final HttpServletResponse answer;
  private @Nullable BodyBytes bytes;
  private boolean cut;

  ServletExchange(HttpServletRequest request, HttpServletResponse answer) {
    this.request = request;
    this.answer = answer;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String target() {
    String query = request.getQueryString();
    return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
  }

  @Override
  public String authority() {
    return String.join(",", values("host"));
  }

  @Override
  public HeaderSource headers() {
    return this;
  }

  @Override
  public Iterable<String> names() {
    return listed(request.getHeaderNames());
  }

  @Override
  public List<String> values(String name) {
    return listed(request.getHeaders(name));
  }

  private static List<String> listed(@Nullable Enumeration<String> all) {
    return all == null ? List.of() : Collections.list(all);
  }

  @Override
  public InetSocketAddress remote() {
    return address(request.getRemoteAddr(), request.getRemotePort());
  }

  @Override
  public InetSocketAddress local() {
    return address(request.getLocalAddr(), request.getLocalPort());
  }

  /** Containers give addresses as text; a name among them is not looked up. */
  private static InetSocketAddress address(String text, int port) {
    boolean literal = text.indexOf(':') >= 0 || text.chars().allMatch(c -> c == '.' || c <= '9');
    try {
      if (literal) {
        return new InetSocketAddress(InetAddress.getByName(text), port);
      }
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + text + " (expected: one of IP)", e);
    }
    throw new IllegalStateException("address: " + text + " (expected: one of IP)");
  }

  @Override
  public boolean secured() {
    return request.isSecure()
        || request.getAttribute("jakarta.servlet.request.cipher_suite") != null;
  }

  @Override
  public @Nullable SSLSession session() {
    return null; // containers do not tell
  }

  @Override
  public List<X509Certificate> certificates() {
    Object shown = request.getAttribute("jakarta.servlet.request.X509Certificate");
    return shown instanceof X509Certificate[] chain ? List.of(chain) : List.of();
  }

  @Override
  public @Nullable String serverName() {
    return null; // nor this
  }

  @Override
  public boolean hasAnswerHeader(String name) {
    return answer.containsHeader(name);
  }

  @Override
  public @Nullable String answerHeader(String name) {
    return answer.getHeader(name);
  }

  @Override
  public String protocol() {
    return request.getProtocol();
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    answer.addHeader(name, value);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    answer.setHeader(name, value);
  }

  @Override
  public void answer(int status, String body) throws IOException {
    byte[] written = body.getBytes(StandardCharsets.UTF_8);
    answer.setStatus(status);
    answer.setContentLength(written.length);
    if (!method().equals("HEAD")) {
      answer.getOutputStream().write(written);
      if (bytes != null) {
        bytes.written(written.length);
      }
    }
    answer.flushBuffer();
  }

  /** As near to it as a container lets a filter come. */
  @Override
  public void cut() throws IOException {
    cut = true;
    endConnection();
    answer(HttpServletResponse.SC_FORBIDDEN, "");
  }

  boolean isCut() {
    return cut;
  }

  @Override
  public void endConnection() {
    if (request.getProtocol().startsWith("HTTP/1")) {
      answer.setHeader("Connection", "close");
    }
  }

  @Override
  public int status() {
    return answer.getStatus();
  }

  @Override
  public void whenDone(Runnable task) {
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(new Completion(task));
    } else {
      task.run();
    }
  }

  /** An error page's own is not what was asked for. */
  @Override
  public @Nullable String route() {
    boolean isErrorPage = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
    return !isErrorPage && request.getAttribute(SPRING_ROUTE) instanceof String pattern
        ? request.getContextPath() + pattern
        : null;
  }

  @Override
  public void countBodies() {
    bytes = new BodyBytes();
  }

  @Override
  public long requestBytes() {
    return bytes == null ? -1 : bytes.read();
  }

  @Override
  public long responseBytes() {
    return bytes == null ? -1 : bytes.written();
  }

  /** Goes on, counted where somebody wants that. */
  void proceed(HttpServletRequest decided, FilterChain chain) throws IOException, ServletException {
    if (bytes == null) {
      chain.doFilter(decided, answer);
      return;
    }
    CountedResponse counted = new CountedResponse(answer, bytes);
    chain.doFilter(new CountedRequest(decided, counted, bytes), counted);
  }

  /** Hears of the end of an asynchronous answer. */
  private record Completion(Runnable task) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      task.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // listeners do not stay by themselves
    }
  }
}
