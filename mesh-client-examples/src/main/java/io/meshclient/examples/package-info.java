/**
 * Three services on the JDK's own HTTP server: ordinary calls to ordinary names, and no line that
 * asks whether there is a mesh.
 */
@NullMarked
package io.meshclient.examples;

import org.jspecify.annotations.NullMarked;
