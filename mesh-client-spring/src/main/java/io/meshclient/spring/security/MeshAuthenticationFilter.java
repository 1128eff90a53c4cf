package io.meshclient.spring.security;

import io.meshclient.server.MeshCaller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes the caller that the mesh's filter has found an Authentication, where the request has no
 * other; with the authority {@code MESH_PEER} for a workload, {@code MESH_REQUEST_PRINCIPAL} for a
 * token's subject. No session keeps it.
 *
 * <p>Safe from any thread.
 */
public final class MeshAuthenticationFilter extends OncePerRequestFilter {

  /** A filter; behind the mesh's own, and behind those that authenticate by other means. */
  public MeshAuthenticationFilter() {}

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    MeshCaller caller = MeshCaller.current();
    if (caller.isKnown() && SecurityContextHolder.getContext().getAuthentication() == null) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(CallerAuthentication.of(caller));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }
}
