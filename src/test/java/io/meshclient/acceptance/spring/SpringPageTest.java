package io.meshclient.acceptance.spring;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code docs/spring.md} shows does what the page says of it, on both lines of Boot. */
class SpringPageTest {

  @Test
  void page_is_true_on_both_lines() throws Exception {
    BootProjects.test(List.of(new PageProject("3.5.16"), new PageProject("4.1.2")));
  }
}
