package io.meshclient.spring.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** {@link RealRequests} for the tests that have {@link AutoConfigureMeshClient}. */
final class RealRequestsFactory implements ContextCustomizerFactory {

  RealRequestsFactory() {}

  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> test, List<ContextConfigurationAttributes> attributes) {
    return TestContextAnnotationUtils.hasAnnotation(test, AutoConfigureMeshClient.class)
        ? new RealRequests()
        : null;
  }
}
