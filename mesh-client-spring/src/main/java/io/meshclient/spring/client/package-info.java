/** Outbound: Spring's HTTP clients on the mesh's OkHttp client. */
@NullMarked
package io.meshclient.spring.client;

import org.jspecify.annotations.NullMarked;
