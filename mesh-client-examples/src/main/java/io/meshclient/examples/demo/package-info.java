/** What {@code ./demo} runs: starts the services, sends traffic, says what came of it. */
@NullMarked
package io.meshclient.examples.demo;

import org.jspecify.annotations.NullMarked;
