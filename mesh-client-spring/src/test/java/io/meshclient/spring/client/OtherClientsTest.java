package io.meshclient.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Feign;
import feign.RequestLine;
import io.meshclient.MeshClient;
import io.meshclient.context.MeshContext;
import io.meshclient.istio.ConfigSource;
import io.meshclient.spring.test.MeshExtension;
import io.meshclient.spring.test.ScriptedEndpoint;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.http.GET;

/** Feign and Retrofit on the mesh's client, as docs/spring.md has it. */
class OtherClientsTest {
  @RegisterExtension static final MeshExtension endpoints = new MeshExtension();
  static final ScriptedEndpoint v1 = endpoints.endpoint("orders", "v1");
  static final ScriptedEndpoint v2 = endpoints.endpoint("orders", "v2");

  private MeshClient mesh;

  @BeforeEach
  void start() {
    mesh =
        endpoints
            .applyTo(MeshClient.builder().config(ConfigSource.classpath("slice/rules.yaml")))
            .build();
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  interface FeignOrders {
    @RequestLine("GET /who")
    String who();
  }

  interface RetrofitOrders {
    @GET("who")
    Call<ResponseBody> who();
  }

  private static Scope canary() {
    return MeshContext.builder().set("x-canary", "true").build().makeCurrent();
  }

  @Test
  void feign_carries_and_is_routed() {
    FeignOrders orders =
        Feign.builder()
            .client(new feign.okhttp.OkHttpClient(mesh.okHttpClient()))
            .options(
                new feign.Request.Options(
                    0, TimeUnit.MILLISECONDS, 0, TimeUnit.MILLISECONDS, false))
            .target(FeignOrders.class, "http://orders:8080");
    assertThat(orders.who()).isEqualTo("orders v1");
    try (Scope scope = canary()) {
      assertThat(orders.who()).isEqualTo("orders v2");
    }
  }

  @Test
  void retrofit_carries_and_is_routed() throws IOException {
    RetrofitOrders orders =
        new Retrofit.Builder()
            .callFactory(mesh.okHttpClient())
            .baseUrl("http://orders:8080")
            .build()
            .create(RetrofitOrders.class);
    assertThat(orders.who().execute().body().string()).isEqualTo("orders v1");
    try (Scope scope = canary()) {
      assertThat(orders.who().execute().body().string()).isEqualTo("orders v2");
    }
  }
}
