/** What operators see of a mesh client: the endpoint {@code mesh}, health, info, meters. */
@NullMarked
package io.meshclient.spring.actuate;

import org.jspecify.annotations.NullMarked;
