/**
 * {@code mesh proxy}: HTTP servers that put a client's or a server's traffic under the policy.
 * {@link io.meshclient.cli.proxy.ProxyServer} is any of them; what handles a request is its own.
 */
@NullMarked
package io.meshclient.cli.proxy;

import org.jspecify.annotations.NullMarked;
