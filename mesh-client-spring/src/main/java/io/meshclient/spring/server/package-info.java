/** Requests that come in, by servlet containers and by WebFlux. */
@NullMarked
package io.meshclient.spring.server;

import org.jspecify.annotations.NullMarked;
