package io.meshclient.bench;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.istio.ConfigSource;
import io.meshclient.telemetry.MeshTelemetry;
import java.io.IOException;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Calls through the whole pipeline by the guide's rules, answered where the socket would be: what
 * telemetry adds to them. Sampled spans, of the call and of its try, go to a batch that is sent
 * nowhere.
 */
public class TelemetryCalls {
  private static final Request REQUEST =
      new Request.Builder().url("http://order-service:8080/api/orders").build();

  /** Nobody records. */
  @State(Scope.Benchmark)
  public static class Off {
    private final Client client = new Client(null);

    @TearDown
    public void close() {
      client.close();
    }
  }

  /** Metrics are recorded, and no trace is sampled. */
  @State(Scope.Benchmark)
  public static class NotSampled {
    private final Client client = new Client(MeshTelemetry.builder().sampling(0));

    @TearDown
    public void close() {
      client.close();
    }
  }

  /** Metrics are recorded, and each trace is sampled. */
  @State(Scope.Benchmark)
  public static class Sampled {
    private final Client client = new Client(MeshTelemetry.builder().sampling(100));

    @TearDown
    public void close() {
      client.close();
    }
  }

  @Benchmark
  public int off(Off state) throws IOException {
    return state.client.call();
  }

  @Benchmark
  public int notSampled(NotSampled state) throws IOException {
    return state.client.call();
  }

  @Benchmark
  public int sampled(Sampled state) throws IOException {
    return state.client.call();
  }

  private static final class Client {
    /** Of the spans more are made than the batch takes; that it drops them is not news here. */
    private static final Logger DROPS = Logger.getLogger("io.opentelemetry.sdk.trace.export");

    static {
      DROPS.setLevel(Level.OFF);
    }

    private final @Nullable MeshTelemetry telemetry;
    private final MeshClient mesh;
    private final OkHttpClient http;

    Client(MeshTelemetry.@Nullable Builder settings) {
      telemetry = settings == null ? null : settings.environment(Map.of()).build();
      MeshClientBuilder builder =
          MeshClient.builder()
              .environment(Map.of())
              .service("web")
              .namespace("production")
              .config(ConfigSource.classpath("istio/02-order-traffic.yaml"))
              .endpoint("order-service", "v1", "127.0.0.1:1")
              .endpoint("order-service", "v2", "127.0.0.1:2");
      mesh = (telemetry == null ? builder : builder.telemetry(telemetry)).build();
      http =
          mesh.instrument(new OkHttpClient.Builder())
              .addInterceptor(
                  chain ->
                      new Response.Builder()
                          .request(chain.request())
                          .protocol(Protocol.HTTP_1_1)
                          .code(200)
                          .message("OK")
                          .body(ResponseBody.create("{}", null))
                          .build())
              .build();
    }

    int call() throws IOException {
      try (Response response = http.newCall(REQUEST).execute()) {
        return response.body().source().readByteString().size();
      }
    }

    void close() {
      mesh.close();
      if (telemetry != null) {
        telemetry.close();
      }
    }
  }
}
