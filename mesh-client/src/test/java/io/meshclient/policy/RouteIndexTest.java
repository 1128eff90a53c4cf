package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteIndexTest {

  /** Seeded, so that a failure repeats. */
  private final Random random = new Random(42);

  @Test
  void index_findsWhatAScanFinds() {
    for (int round = 0; round < 200; round++) {
      List<Route> routes = routes(9 + random.nextInt(60));
      RouteIndex index = new RouteIndex(routes);
      for (int i = 0; i < 50; i++) {
        FakeRequest request = FakeRequest.get("http://h" + path());
        if (random.nextBoolean()) {
          request = request.header("x-a", "1");
        }
        assertThat(index.find(request)).isSameAs(scan(routes, request));
      }
    }
  }

  private static Route scan(List<Route> routes, FakeRequest request) {
    return routes.stream().filter(route -> route.matches(request)).findFirst().orElse(null);
  }

  private List<Route> routes(int count) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Condition> conditions =
          random.nextInt(3) == 0
              ? List.of(new Condition.Header("x-a", new StringMatcher.Exact("1", false), false))
              : List.of();
      routes.add(
          new Route(
              Rule.implied("r" + i),
              "",
              match(),
              conditions,
              new RouteAction.Direct(200, "", List.of())));
    }
    return routes;
  }

  private PathMatch match() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new PathMatch.Exact(path(), false);
      case 2, 3 -> new PathMatch.Prefix(path(), false);
      case 4 -> new PathMatch.Prefix(path(), true);
      default -> new PathMatch.SegmentPrefix(path());
    };
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }
}
