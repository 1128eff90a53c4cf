package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.Filter;
import io.meshclient.MeshClient;
import io.meshclient.istio.ConfigSource;
import io.meshclient.resilience.RateLimit;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Has each single look at a request fail, one after the other: whichever of peers, context, policy,
 * limits and records takes it, the handler is not reached.
 */
@Timeout(60)
final class FailingSeamsTest {
  private static final String POLICY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: open, namespace: production}
      spec:
        rules:
        - to: [{operation: {methods: [GET], paths: ["/open/*"]}}]
          when: [{key: "request.headers[x-tenant]", values: [red]}]
      """;

  private final MeshClient mesh =
      MeshClient.builder()
          .environment(Map.of())
          .namespace("production")
          .config(ConfigSource.yaml("policies.yaml", POLICY))
          .build();

  @AfterEach
  void close() {
    mesh.close();
  }

  static Stream<Arguments> failures() {
    Stream<Supplier<Throwable>> all =
        Stream.of(
            () -> new IllegalStateException("injected"),
            NullPointerException::new,
            () -> new NoClassDefFoundError("injected"),
            StackOverflowError::new,
            () -> new IOException("injected"));
    return all.map(each -> Arguments.of(Named.of(each.get().getClass().getSimpleName(), each)));
  }

  private interface Attempt {
    void run(Fault fault) throws IOException, ServletException;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void jdk_filter_refuses(Supplier<Throwable> failure) throws Exception {
    MeshHttpFilter filter = settings(MeshHttpFilter.builder()).build();
    everyLookFails(
        failure,
        fault ->
            filter.doFilter(
                new FaultyExchange(fault), new Filter.Chain(List.of(), exchange -> fault.reach())));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void servlet_filter_refuses(Supplier<Throwable> failure) throws Exception {
    MeshServletFilter filter = settings(MeshServletFilter.builder()).build();
    everyLookFails(
        failure,
        fault ->
            filter.doFilter(request(fault), answer(fault), (request, answer) -> fault.reach()));
  }

  private <B extends ServerSettings<B>> B settings(B settings) {
    return settings
        .inboundRules(mesh)
        .takeDeadlines(true)
        .rateLimit("/open", RateLimit.of(1_000_000, Duration.ofSeconds(1)));
  }

  private static void everyLookFails(Supplier<Throwable> failure, Attempt attempt)
      throws IOException, ServletException {
    Fault none = new Fault(0, failure);
    attempt.run(none);
    assertThat(none.reached()).isTrue();
    assertThat(none.looks()).isGreaterThan(10);
    for (int at = 1; at <= none.looks(); at++) {
      Fault fault = new Fault(at, failure);
      String which = "look " + at + " of " + none.looks();
      try {
        attempt.run(fault);
        assertThat(fault.status).as(which).isIn(403, 500);
      } catch (IOException
          | ServletException
          | RuntimeException
          | LinkageError
          | StackOverflowError cut) {
        // The server closes the connection, or the container answers 500.
        assertThat(fault.status).as(which).isIn(0, 403, 500);
      }
      if (fault.reached()) {
        fail(which + " failed, and the handler was reached");
      }
    }
  }

  private static HttpServletRequest request(Fault fault) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            FailingSeamsTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                fault.look(told(method.getName(), arguments == null ? "" : arguments[0])));
  }

  private static @Nullable Object told(String method, Object argument) {
    return switch (method) {
      case "getMethod" -> "GET";
      case "getRequestURI", "getServletPath" -> "/open/a";
      case "getContextPath" -> "";
      case "getProtocol" -> "HTTP/1.1";
      case "getScheme" -> "http";
      case "getDispatcherType" -> DispatcherType.REQUEST;
      case "isSecure", "isAsyncStarted" -> false;
      case "getRemoteAddr", "getLocalAddr" -> "127.0.0.1";
      case "getRemotePort", "getLocalPort" -> 8080;
      case "getHeaderNames" -> Collections.enumeration(List.of("host", "x-tenant"));
      case "getHeaders" ->
          Collections.enumeration(
              argument.equals("x-tenant")
                  ? List.of("red")
                  : argument.equals("host") ? List.of("a") : List.of());
      default -> null;
    };
  }

  private static HttpServletResponse answer(Fault fault) {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            FailingSeamsTest.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "setStatus" -> {
                    fault.status = fault.look((Integer) arguments[0]);
                    yield null;
                  }
                  case "getStatus" -> fault.status;
                  case "containsHeader" -> fault.look(false);
                  case "getOutputStream" -> fault.look(new Nowhere());
                  default -> fault.look(null);
                });
  }

  private static final class Nowhere extends ServletOutputStream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int octet) {}
  }
}
