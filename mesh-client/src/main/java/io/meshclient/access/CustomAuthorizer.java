package io.meshclient.access;

import org.jspecify.annotations.Nullable;

/**
 * Decides about the requests that an AuthorizationPolicy with the action CUSTOM hands over, in the
 * place of the extension provider that the policy names. Called from many threads at once.
 */
@FunctionalInterface
public interface CustomAuthorizer {

  /**
   * Decides about one request, and answers soon: the request waits.
   *
   * @param requestPrincipal issuer and subject of the request's token, {@code issuer/subject};
   *     {@code null} without one
   * @return whether it may go on to the other policies; {@code false}, and any exception, refuses
   *     it with 403
   */
  boolean allows(InboundRequest request, @Nullable String requestPrincipal);
}
