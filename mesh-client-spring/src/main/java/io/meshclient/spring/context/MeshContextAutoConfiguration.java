package io.meshclient.spring.context;

import io.micrometer.context.ContextRegistry;
import io.opentelemetry.context.Context;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;

/**
 * Carries the context to the threads of Boot's executors, and by Micrometer's context propagation
 * to whatever makes use of that.
 */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration",
      "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration"
    })
@ConditionalOnProperty(name = "mesh.client.enabled", matchIfMissing = true)
public final class MeshContextAutoConfiguration {

  MeshContextAutoConfiguration() {}

  /**
   * The context of who hands a task in. An application's own decorator takes its place: Boot 3.5
   * takes none of two.
   */
  @Bean
  @ConditionalOnMissingBean(TaskDecorator.class)
  @ConditionalOnProperty(name = "mesh.client.tasks.enabled", matchIfMissing = true)
  TaskDecorator meshTaskDecorator() {
    return task -> Context.current().wrap(task);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ContextRegistry.class)
  static class Propagation {

    @Bean
    InitializingBean meshThreadContext() {
      return () -> MeshThreadContextAccessor.first(ContextRegistry.getInstance());
    }
  }
}
