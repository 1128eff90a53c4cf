/**
 * A client of one HTTP/1.1 server that sends a request byte for byte as it is given one: for a
 * proxy whose decisions must hold for exactly what the server gets.
 */
@NullMarked
package io.meshclient.cli.upstream;

import org.jspecify.annotations.NullMarked;
