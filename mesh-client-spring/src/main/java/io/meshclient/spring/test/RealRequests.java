package io.meshclient.spring.test;

import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Keeps the server of {@code @RestClientTest} that is none out: it would take the place of the
 * mesh's transport, and refuse each request that no test expects.
 *
 * <p>A value: contexts of tests that have it are shared.
 */
record RealRequests() implements ContextCustomizer {
  private static final String NAME = "mesh-client-real-requests";

  /** Of {@code @AutoConfigureMockRestServiceServer}, on Boot 3.5 and on Boot 4. */
  private static final Map<String, Object> NO_MOCK_SERVER =
      Map.of(
          "spring.test.webclient.mockrestserviceserver.enabled", false,
          "spring.test.restclient.mockrestserviceserver.enabled", false);

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration merged) {
    context.addBeanFactoryPostProcessor(new BeforeConditions(context.getEnvironment()));
  }

  /**
   * Later than the customizer that puts what the test's annotations say before all else, and
   * earlier than any condition.
   */
  private record BeforeConditions(ConfigurableEnvironment environment)
      implements BeanDefinitionRegistryPostProcessor {

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
      environment.getPropertySources().addFirst(new MapPropertySource(NAME, NO_MOCK_SERVER));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
      // there are no conditions any more
    }
  }
}
