package io.meshclient.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The front, {@code web}, by Spring's clients: the same answers as those of the plain one, by the
 * same variables of the environment.
 */
@SpringBootApplication
public class WebApplication {

  public static void main(String[] args) {
    if ("true".equals(System.getenv("SERVICE_ENDS_WITH_PARENT"))) {
      ProcessHandle.current().parent().ifPresent(WebApplication::endWith);
    }
    ConfigurableApplicationContext context = SpringApplication.run(WebApplication.class, args);
    // Whoever started it reads where it listens.
    System.out.println(
        context.getEnvironment().getProperty("web.pod")
            + " listening on port "
            + context.getEnvironment().getProperty("local.server.port"));
  }

  private static void endWith(ProcessHandle parent) {
    Thread watch =
        new Thread(
            () -> {
              parent.onExit().join();
              System.exit(1);
            },
            "the starter's end");
    watch.setDaemon(true);
    watch.start();
  }
}
