package io.meshclient.istio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file's content as a hash. It is worked out anew when the file's attributes have changed, and
 * while they are so young that an edit of the same size could hide behind them.
 *
 * @param attributes size, times and inode
 * @param settled whether the attributes were old enough when the content was read
 */
record FileStamp(Map<String, Object> attributes, boolean settled, String hash) {
  /** The hash of a file without content, as it is in the midst of being written. */
  static final String EMPTY = "";

  private static final long YOUNG_MILLIS = 2_000;

  static FileStamp of(Path path, @Nullable FileStamp before) throws IOException {
    Map<String, Object> attributes = attributes(path);
    if (before != null && before.settled && before.attributes.equals(attributes)) {
      return before;
    }
    long now = System.currentTimeMillis();
    boolean settled = true;
    for (Object value : attributes.values()) {
      settled &= !(value instanceof FileTime time) || now - time.toMillis() > YOUNG_MILLIS;
    }
    return new FileStamp(attributes, settled, hash(path, attributes));
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    String names = "size,lastModifiedTime,fileKey";
    Map<String, Object> read = new HashMap<>();
    Files.readAttributes(path, unix ? "unix:ctime," + names : names)
        .forEach((name, value) -> read.put(name, value == null ? "none" : value));
    return Map.copyOf(read);
  }

  private static String hash(Path path, Map<String, Object> attributes) throws IOException {
    return Files.size(path) > YamlText.MAX_BYTES
        ? attributes.toString() // not read at all
        : hash(Files.readAllBytes(path));
  }

  static String hash(byte[] content) {
    if (content.length == 0) {
      return EMPTY;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
