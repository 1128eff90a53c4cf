package io.meshclient.spring.cloud;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;

/**
 * An instance's metadata as labels, by <a
 * href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set">Kubernetes'
 * syntax</a>: subsets cannot select by anything else.
 */
final class MetadataLabels {
  private static final Logger log = LoggerFactory.getLogger(MetadataLabels.class);
  private static final String VERSION = "version";
  private static final int MAX_NAME = 63;
  private static final int MAX_PREFIX = 253;

  private final String version;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param version which metadata is the version
   */
  MetadataLabels(String version) {
    this.version = version;
  }

  Map<String, String> of(ServiceInstance instance) {
    Map<String, String> labels = new LinkedHashMap<>();
    @Nullable Map<String, String> metadata = instance.getMetadata();
    if (metadata != null) {
      metadata.forEach((key, value) -> put(labels, key, key, value));
      if (metadata.get(version) != null) {
        put(labels, VERSION, version, metadata.get(version));
      }
    }
    return labels;
  }

  private void put(Map<String, String> labels, String label, String key, @Nullable String value) {
    if (isKey(label) && value != null && (value.isEmpty() || isName(value))) {
      labels.put(label, value);
    } else if (told.add(key)) {
      // Not the value, which may be a secret.
      log.debug("Metadata that cannot be a label is left out: \"{}\"", key);
    }
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    return isName(key.substring(slash + 1)) && (slash < 0 || isDomain(key.substring(0, slash)));
  }

  /** Letters, digits, {@code -_.}, and a letter or a digit at both ends. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_NAME
        && isAlphanumeric(text.charAt(0))
        && isAlphanumeric(text.charAt(text.length() - 1))
        && text.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.');
  }

  private static boolean isDomain(String text) {
    if (text.length() > MAX_PREFIX) {
      return false;
    }
    for (String part : text.split("\\.", -1)) {
      if (!isName(part) || !part.chars().allMatch(c -> c != '_' && !(c >= 'A' && c <= 'Z'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
