package io.meshclient.upstream;

import org.jspecify.annotations.Nullable;

/** Picks among some endpoints. Safe from any thread; takes no lock and allocates nothing. */
@FunctionalInterface
interface Picker {

  /** Of no endpoints. */
  Picker NONE = (hash, attempt) -> null;

  /**
   * Picks one.
   *
   * @param hash of the request; those that hash nothing ignore it
   * @param attempt 0, or how many endpoints this pick has passed over: a hash leads elsewhere then
   * @return {@code null} if there is none
   */
  @Nullable EndpointState pick(long hash, int attempt);
}
