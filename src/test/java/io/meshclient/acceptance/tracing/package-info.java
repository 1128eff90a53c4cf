/** The trace relay of the examples' jar, held against W3C Trace Context over the wire. */
@NullMarked
package io.meshclient.acceptance.tracing;

import org.jspecify.annotations.NullMarked;
