package io.meshclient.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.SpiffeId;
import io.meshclient.server.MeshServletFilter;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

class MeshAuthenticationFilterTest {
  private static final SpiffeId OWN = SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/orders");
  private static final String XFCC =
      "By=spiffe://cluster.local/ns/shop/sa/orders;"
          + "Hash=0123456789012345678901234567890123456789012345678901234567890123;"
          + "URI=spiffe://cluster.local/ns/shop/sa/web";

  @AfterEach
  void forget() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void caller_is_the_authentication() throws Exception {
    Authentication seen = through(true);
    assertThat(seen.isAuthenticated()).isTrue();
    assertThat(seen.getName()).isEqualTo("spiffe://cluster.local/ns/shop/sa/web");
    assertThat(seen.getAuthorities()).extracting(Object::toString).containsExactly("MESH_PEER");
  }

  @Test
  void who_is_authenticated_otherwise_stays() throws Exception {
    Authentication user = new TestingAuthenticationToken("user", "password", "USER");
    SecurityContextHolder.getContext().setAuthentication(user);
    assertThat(through(true)).isSameAs(user);
  }

  @Test
  void nobody_is_nobody() throws Exception {
    assertThat(through(false)).isNull();
  }

  private static Authentication through(boolean known) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    request.addHeader("host", "orders");
    if (known) {
      request.addHeader("x-forwarded-client-cert", XFCC);
    }
    AtomicReference<Authentication> seen = new AtomicReference<>();
    MeshAuthenticationFilter filter = new MeshAuthenticationFilter();
    MeshServletFilter.builder()
        .sidecar(OWN)
        .build()
        .doFilter(
            request,
            new MockHttpServletResponse(),
            (decided, answer) ->
                filter.doFilter(
                    decided,
                    answer,
                    (last, response) ->
                        seen.set(SecurityContextHolder.getContext().getAuthentication())));
    return seen.get();
  }
}
