/** What travels with a request, on its way through Spring's and Reactor's threads. */
@NullMarked
package io.meshclient.spring.context;

import org.jspecify.annotations.NullMarked;
