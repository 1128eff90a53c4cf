package io.meshclient.spring;

import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * No bean {@code OpenTelemetry} takes spans. Boot makes one as soon as the SDK is on the class path
 * (3.5 does so with the actuator alone), which drops spans where no bean says how to keep them.
 */
final class NothingTraces extends SpringBootCondition implements ConfigurationCondition {
  private static final String TRACER_PROVIDER = "io.opentelemetry.sdk.trace.SdkTracerProvider";

  @Override
  public ConfigurationPhase getConfigurationPhase() {
    return ConfigurationPhase.REGISTER_BEAN;
  }

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("OpenTelemetry");
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    if (beans == null) {
      return ConditionOutcome.match(message.because("there are no beans"));
    }
    boolean keepsSpans = has(beans, TRACER_PROVIDER);
    for (String name :
        BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
            beans, OpenTelemetry.class, true, false)) {
      if (keepsSpans || !isBoots(beans, name)) {
        return ConditionOutcome.noMatch(message.foundExactly("bean " + name));
      }
    }
    return ConditionOutcome.match(message.because("no bean takes spans"));
  }

  private static boolean has(ConfigurableListableBeanFactory beans, String type) {
    ClassLoader loader = beans.getBeanClassLoader();
    return ClassUtils.isPresent(type, loader)
        && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                    beans, ClassUtils.resolveClassName(type, loader), true, false)
                .length
            > 0;
  }

  private static boolean isBoots(ConfigurableListableBeanFactory beans, String name) {
    return beans.containsBeanDefinition(name)
        && beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition
        && definition.getFactoryMethodMetadata() != null
        && definition
            .getFactoryMethodMetadata()
            .getDeclaringClassName()
            .startsWith("org.springframework.boot.");
  }
}
