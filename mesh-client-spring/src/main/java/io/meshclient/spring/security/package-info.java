/** Who calls, for Spring Security. */
@NullMarked
package io.meshclient.spring.security;

import org.jspecify.annotations.NullMarked;
