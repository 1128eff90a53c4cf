package io.meshclient.context;

import java.util.List;

/**
 * The headers of an inbound request, whatever framework holds them.
 *
 * <p>Used on one thread, within one call of {@link InboundHeaders}; nothing keeps it.
 */
public interface HeaderSource {

  /**
   * The names of the headers that the request has, in any case and order; a name may come twice.
   */
  Iterable<String> names();

  /**
   * All values of a header, one for each line it had in the request, not split at commas.
   *
   * @param name in any case: an implementation must ignore case
   * @return the values in order; empty if the request has no such header
   */
  List<String> values(String name);
}
