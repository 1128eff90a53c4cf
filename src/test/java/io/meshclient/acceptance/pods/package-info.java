/** The examples' jar, unchanged, in pods behind real sidecars. */
@NullMarked
package io.meshclient.acceptance.pods;

import org.jspecify.annotations.NullMarked;
