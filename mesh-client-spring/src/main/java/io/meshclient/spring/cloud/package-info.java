/** Endpoints from Spring Cloud's registries. */
@NullMarked
package io.meshclient.spring.cloud;

import org.jspecify.annotations.NullMarked;
