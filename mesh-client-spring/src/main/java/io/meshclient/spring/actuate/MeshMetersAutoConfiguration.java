package io.meshclient.spring.actuate;

import io.meshclient.spring.MeshClientAutoConfiguration;
import io.meshclient.spring.MeshClientBuilderCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Calls as Micrometer's meters, where it is present. */
@AutoConfiguration(before = MeshClientAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnProperty(name = "mesh.client.meters.enabled", matchIfMissing = true)
public final class MeshMetersAutoConfiguration {

  MeshMetersAutoConfiguration() {}

  @Bean
  MeshClientBuilderCustomizer meshMeters(ObjectProvider<MeterRegistry> registries) {
    CallMeters meters = new CallMeters(registries::getIfUnique);
    return builder -> builder.onDecision(meters);
  }
}
