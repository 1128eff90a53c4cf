/**
 * What travels with a request: taken from the request that came in, kept in OpenTelemetry's {@code
 * Context}, put on the requests that go out, carried across threads.
 */
@NullMarked
package io.meshclient.context;

import org.jspecify.annotations.NullMarked;
