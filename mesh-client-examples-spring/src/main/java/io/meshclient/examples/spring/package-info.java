/** The example's front as a Spring Boot application. */
@NullMarked
package io.meshclient.examples.spring;

import org.jspecify.annotations.NullMarked;
