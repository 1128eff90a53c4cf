package io.meshclient.spring.security;

import io.meshclient.server.MeshCaller;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** What a caller is for Spring Security, on both of Spring's kinds of servers. */
final class CallerAuthentication {

  private CallerAuthentication() {}

  /** Of a caller of whom something was verified. */
  static Authentication of(MeshCaller caller) {
    String authority = caller.requestPrincipal() == null ? "MESH_PEER" : "MESH_REQUEST_PRINCIPAL";
    return new PreAuthenticatedAuthenticationToken(
        caller, "", List.of(new SimpleGrantedAuthority(authority)));
  }
}
