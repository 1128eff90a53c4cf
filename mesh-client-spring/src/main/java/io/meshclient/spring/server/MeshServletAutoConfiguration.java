package io.meshclient.spring.server;

import io.meshclient.server.MeshServletFilter;
import io.meshclient.server.ServerPipeline;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** The filter for servlet containers, and who calls as an argument of controllers. */
@AutoConfiguration(after = MeshServerAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Filter.class, FilterRegistrationBean.class})
@ConditionalOnBean(ServerPipeline.class)
public final class MeshServletAutoConfiguration {

  MeshServletAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "meshServletFilterRegistration")
  FilterRegistrationBean<MeshServletFilter> meshServletFilterRegistration(
      ServerPipeline pipeline, MeshServerProperties properties) {
    FilterRegistrationBean<MeshServletFilter> registration =
        new FilterRegistrationBean<>(MeshServletFilter.of(pipeline));
    registration.setName("meshServletFilter");
    registration.setOrder(properties.order());
    registration.setAsyncSupported(true);
    registration.setDispatcherTypes(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
    return registration;
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RequestMappingHandlerAdapter.class)
  static class Arguments {

    @Bean
    SmartInitializingSingleton meshServletArguments(
        ObjectProvider<RequestMappingHandlerAdapter> adapters) {
      return () -> adapters.forEach(CallerArguments::addTo);
    }
  }
}
