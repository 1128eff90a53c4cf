package io.meshclient.spring.security;

import io.meshclient.server.MeshCaller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
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
      context.setAuthentication(authenticated(caller));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }

  private static PreAuthenticatedAuthenticationToken authenticated(MeshCaller caller) {
    String authority = caller.requestPrincipal() == null ? "MESH_PEER" : "MESH_REQUEST_PRINCIPAL";
    return new PreAuthenticatedAuthenticationToken(
        caller, "", List.of(new SimpleGrantedAuthority(authority)));
  }
}
