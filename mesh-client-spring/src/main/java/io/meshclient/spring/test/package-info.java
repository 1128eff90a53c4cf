/** For applications' tests: a mesh of scripted endpoints, and a slice with the client alone. */
@NullMarked
package io.meshclient.spring.test;

import org.jspecify.annotations.NullMarked;
