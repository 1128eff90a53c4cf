package io.meshclient.istio;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files; what is promised within a second is given several, for a machine that is busy. */
@Timeout(120)
class ConfigWatcherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(1);

  @TempDir Path dir;

  private final List<Configuration> seen = new CopyOnWriteArrayList<>();
  private ConfigWatcher watcher;

  @AfterEach
  void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  @Test
  void start_readsAtOnce() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir), ConfigSource.yaml("text", namespace("t", "1")));

    assertThat(labels(watcher.current())).containsExactly("a=1", "t=1");
    assertThat(seen).isEmpty();
  }

  @Test
  void edits_inPlaceAndOfTheSameSize() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir), ConfigSource.yaml("text", namespace("t", "1")));

    for (String value : List.of("2", "3", "4")) {
      write("a.yaml", namespace("a", value));
      await(() -> labels(watcher.current()), List.of("a=" + value, "t=1"));
    }
    await(() -> !seen.isEmpty() && seen.get(seen.size() - 1) == watcher.current(), true);
  }

  @Test
  void edit_ofTheSameSizeAndTime() throws IOException {
    Path file = write("a.yaml", namespace("a", "1"));
    FileTime time = FileTime.fromMillis(System.currentTimeMillis() - 3_600_000);
    Files.setLastModifiedTime(file, time);
    watch(ConfigSource.path(file));

    write("a.yaml", namespace("a", "2"));
    Files.setLastModifiedTime(file, time);

    await(() -> labels(watcher.current()), List.of("a=2"));
  }

  @Test
  void twoQuickEdits_endWithTheSecond() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));

    write("a.yaml", namespace("a", "2"));
    write("a.yaml", namespace("a", "3"));

    await(() -> labels(watcher.current()), List.of("a=3"));
  }

  @Test
  void change_isSeenWithinASecondOnAnIdleMachine() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));
    Duration best = PATIENCE;
    for (int i = 2; i < 6 || (i < 30 && best.compareTo(SOON) >= 0); i++) {
      long start = System.nanoTime();
      write("a.yaml", namespace("a", "" + i));
      await(() -> labels(watcher.current()), List.of("a=" + i));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertThat(best).isLessThan(SOON);
  }

  @Test
  void rename_overTheFile() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));

    Path next = write(".a.yaml.swp", namespace("a", "2"));
    Files.move(next, dir.resolve("a.yaml"), ATOMIC_MOVE, REPLACE_EXISTING);

    await(() -> labels(watcher.current()), List.of("a=2"));
  }

  @Test
  void files_comeAndGo() throws IOException {
    Path a = write("a.yaml", namespace("a", "1"));
    write("b.yaml", namespace("b", "1"));
    watch(ConfigSource.path(dir));

    write("sub/c.yaml", namespace("c", "1"));
    await(() -> labels(watcher.current()), List.of("a=1", "b=1", "c=1"));
    Files.delete(a);
    await(() -> labels(watcher.current()), List.of("b=1", "c=1"));
    Files.delete(dir.resolve("b.yaml"));
    Files.delete(dir.resolve("sub/c.yaml"));
    await(() -> labels(watcher.current()), List.of());
    assertThat(watcher.current().problems()).isEmpty();
  }

  @Test
  void mountedConfigMap_isSwapped() throws IOException {
    mount("..1", "a", "1");
    Files.createSymbolicLink(dir.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(dir.resolve("x.yaml"), Path.of("..data", "x.yaml"));
    watch(ConfigSource.path(dir));

    for (int i = 2; i < 5; i++) {
      mount(".." + i, "a", "" + i);
      Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of(".." + i));
      Files.move(dir.resolve("..data_tmp"), dir.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
      delete(dir.resolve(".." + (i - 1)));
      await(() -> labels(watcher.current()), List.of("a=" + i));
    }
    assertThat(seen).allSatisfy(read -> assertThat(labels(read)).hasSize(1));
    assertThat(watcher.current().problems()).isEmpty();
  }

  @Test
  void directory_thatIsGoneForAMoment() throws IOException {
    Path config = dir.resolve("config");
    write("config/a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(config));

    Files.move(config, dir.resolve("old"));
    write("next/a.yaml", namespace("a", "2"));
    Files.move(dir.resolve("next"), config);

    await(() -> labels(watcher.current()), List.of("a=2"));
    assertThat(seen).allSatisfy(read -> assertThat(labels(read)).hasSize(1));
  }

  @Test
  void directory_thatIsGone_keepsWhatItHeld() throws IOException {
    Path config = dir.resolve("config");
    write("config/a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(config));

    Files.move(config, dir.resolve("old"));
    await(
        () -> messages(watcher.current()),
        List.of("there is no such file or directory; what it last held stays in force"));
    assertThat(labels(watcher.current())).containsExactly("a=1");

    Files.move(dir.resolve("old"), config);
    await(() -> messages(watcher.current()), List.of());
    assertThat(labels(watcher.current())).containsExactly("a=1");
  }

  @Test
  void brokenEdit_keepsTheLastGood() throws IOException {
    write("a.yaml", namespace("a", "1") + namespace("b", "1") + namespace("c", "1"));
    watch(ConfigSource.path(dir));

    write("a.yaml", namespace("a", "2") + "---\nkind: [\n" + namespace("c", "2"));
    await(() -> labels(watcher.current()), List.of("a=2", "c=2", "b=1"));
    assertThat(watcher.current().problems())
        .map(Problem::code)
        .containsExactly("MESH0110", "MESH0125");

    write("a.yaml", "\t:");
    await(() -> messages(watcher.current()).size(), 4);
    assertThat(labels(watcher.current())).containsExactly("a=2", "c=2", "b=1");

    write("a.yaml", namespace("b", "3"));
    await(() -> labels(watcher.current()), List.of("b=3"));
    assertThat(watcher.current().problems()).isEmpty();
  }

  @Test
  void fileEmptied_isWaitedForAndThenTaken() throws IOException {
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));

    write("a.yaml", "");
    write("a.yaml", namespace("a", "2"));
    await(() -> labels(watcher.current()), List.of("a=2"));
    write("a.yaml", "");
    await(() -> labels(watcher.current()), List.of());
  }

  @Test
  void fileBrokenFromTheStart_isMended() throws IOException {
    write("a.yaml", namespace("a", "1") + "---\n[");
    watch(ConfigSource.path(dir));
    assertThat(labels(watcher.current())).containsExactly("a=1");
    assertThat(watcher.current().hasErrors()).isTrue();

    write("a.yaml", namespace("a", "1") + namespace("b", "1"));
    await(() -> labels(watcher.current()), List.of("a=1", "b=1"));
  }

  @Test
  void touch_isNoChange() throws IOException {
    Path file = write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));

    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    write("b.yaml", namespace("b", "1"));

    await(() -> seen.size(), 1);
    assertThat(labels(watcher.current())).containsExactly("a=1", "b=1");
  }

  @Test
  void listener_thatFails_isCalledAgain() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    write("a.yaml", namespace("a", "1"));
    watcher =
        ConfigWatcher.start(
            List.of(ConfigSource.path(dir)),
            read -> {
              calls.incrementAndGet();
              throw new AssertionError("on purpose");
            });

    write("a.yaml", namespace("a", "2"));
    await(() -> calls.get() > 0, true);
    int before = calls.get();
    write("a.yaml", namespace("a", "3"));
    await(() -> calls.get() > before, true);
    assertThat(labels(watcher.current())).containsExactly("a=3");
  }

  @Test
  void close_endsTheThread() throws IOException {
    Set<Thread> others = threads();
    write("a.yaml", namespace("a", "1"));
    watch(ConfigSource.path(dir));
    watcher.close();
    watcher.close();

    await(() -> others.containsAll(threads()), true);
    assertThat(labels(watcher.current())).containsExactly("a=1");
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("mesh-config-watcher"))
        .collect(Collectors.toSet());
  }

  private void watch(ConfigSource... sources) {
    watcher = ConfigWatcher.start(List.of(sources), seen::add);
  }

  private void mount(String data, String name, String value) throws IOException {
    write(data + "/x.yaml", namespace(name, value));
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String namespace(String name, String value) {
    return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {v: '%s'}}\n"
        .formatted(name, value);
  }

  private static List<String> labels(Configuration read) {
    return read.resources().stream()
        .map(r -> r.metadata().name() + "=" + r.metadata().labels().get("v"))
        .toList();
  }

  private static List<String> messages(Configuration read) {
    return read.problems().stream().map(Problem::message).toList();
  }

  private static <T> void await(Supplier<T> actual, T expected) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!expected.equals(actual.get()) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(2_000_000);
    }
    assertThat(actual.get()).isEqualTo(expected);
  }
}
