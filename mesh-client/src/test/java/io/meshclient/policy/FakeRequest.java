package io.meshclient.policy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request without a client. */
record FakeRequest(String method, URI url, List<String> names, List<String> values)
    implements RequestView {

  static FakeRequest get(String url) {
    return new FakeRequest("GET", URI.create(url), List.of(), List.of());
  }

  FakeRequest method(String other) {
    return new FakeRequest(other, url, names, values);
  }

  FakeRequest header(String name, String value) {
    List<String> moreNames = new ArrayList<>(names);
    List<String> moreValues = new ArrayList<>(values);
    moreNames.add(name);
    moreValues.add(value);
    return new FakeRequest(method, url, moreNames, moreValues);
  }

  @Override
  public String scheme() {
    return url.getScheme();
  }

  @Override
  public int port() {
    return url.getPort() < 0 ? 80 : url.getPort();
  }

  @Override
  public String host() {
    return url.getHost().toLowerCase(Locale.ROOT);
  }

  @Override
  public String authority() {
    return url.getAuthority();
  }

  @Override
  public String path() {
    return url.getRawPath().isEmpty() ? "/" : url.getRawPath();
  }

  @Override
  public @Nullable String query() {
    return url.getRawQuery();
  }

  @Override
  public int headerCount() {
    return names.size();
  }

  @Override
  public String headerName(int index) {
    return names.get(index);
  }

  @Override
  public String headerValue(int index) {
    return values.get(index);
  }
}
