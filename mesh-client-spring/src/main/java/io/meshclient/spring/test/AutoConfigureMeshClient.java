package io.meshclient.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Brings the mesh's client into a test that auto-configures little else, such as one with
 * {@code @RestClientTest} or with no more than {@code @SpringBootTest(classes = ...)}.
 *
 * <p>Requests are real ones, by the rules and to the endpoints of a {@link MeshExtension}: the
 * {@code MockRestServiceServer} of {@code @RestClientTest} is left out, as by
 * {@code @AutoConfigureMockRestServiceServer(enabled = false)}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureMeshClient {}
