@NullMarked
package io.meshclient.istio;

import org.jspecify.annotations.NullMarked;
