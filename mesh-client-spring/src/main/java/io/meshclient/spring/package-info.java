/** Spring Boot's way to a {@link io.meshclient.MeshClient}: properties in, one bean out. */
@NullMarked
package io.meshclient.spring;

import org.jspecify.annotations.NullMarked;
