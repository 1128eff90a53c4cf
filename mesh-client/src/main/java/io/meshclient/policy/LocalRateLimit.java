package io.meshclient.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A local rate limit of inbound requests, as Envoy's filter {@code local_ratelimit} has it, with
 * its defaults filled in. Immutable.
 *
 * @param bucket of the requests that no descriptor takes; {@code null} limits nothing
 * @param descriptors of requests that are told apart
 * @param rules by what they are told apart: each makes a descriptor of a request, or none
 * @param enabledPercent of the requests, which take tokens
 * @param enforcedPercent of those that find no token, which are refused
 * @param xRateLimitHeaders whether answers tell of the bucket in {@code x-ratelimit-...}
 * @param alwaysUsesBucket whether requests that a descriptor takes use up the bucket as well
 * @param grpcStatus of refused gRPC requests
 */
public record LocalRateLimit(
    @Nullable Bucket bucket,
    List<Descriptor> descriptors,
    List<List<DescriptorAction>> rules,
    double enabledPercent,
    double enforcedPercent,
    int status,
    List<Header> headers,
    boolean xRateLimitHeaders,
    boolean alwaysUsesBucket,
    int grpcStatus) {

  /** Tokens that come in evenly. */
  public record Bucket(long maxTokens, long tokensPerFill, Duration fillInterval) {}

  /** A bucket for the requests whose descriptor has these entries. */
  public record Descriptor(List<Entry> entries, Bucket bucket) {}

  public record Entry(String key, String value) {}

  /** A header of the answer to a refused request. */
  public record Header(String name, String value, Append append) {}

  /** What becomes of a header that the answer has already. */
  public enum Append {
    BESIDE,
    IF_ABSENT,
    REPLACE,
    IF_PRESENT
  }

  /** What of a request limits look at. */
  public interface Request {

    /**
     * The values of a header, joined by commas, or of {@code :path}, {@code :method} and {@code
     * :authority}.
     *
     * @param name in lower case
     * @return {@code null} if there is none
     */
    @Nullable String header(String name);

    /** The address that the connection comes from. */
    String remoteAddress();
  }
}
