/** The inbound side: what a request goes through on its way into a service. */
@NullMarked
package io.meshclient.server;

import org.jspecify.annotations.NullMarked;
