package io.meshclient.server;

import io.meshclient.access.RequestChanges;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it was decided about. */
final class DecidedRequest extends HttpServletRequestWrapper {
  private final HttpServletRequest sent;
  private final RequestChanges changes;
  private final MeshCaller caller;
  private @Nullable Map<String, String[]> parameters;

  DecidedRequest(HttpServletRequest sent, RequestChanges changes, MeshCaller caller) {
    super(sent);
    this.sent = sent;
    this.changes = changes;
    this.caller = caller;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return caller.isKnown() ? caller : super.getUserPrincipal();
  }

  @Override
  public @Nullable String getRemoteUser() {
    return caller.isKnown() ? caller.getName() : super.getRemoteUser();
  }

  @Override
  public String getRequestURI() {
    return changes.target() == null ? super.getRequestURI() : Paths.raw(changes.target());
  }

  @Override
  public StringBuffer getRequestURL() {
    StringBuffer url = super.getRequestURL();
    if (changes.target() != null) {
      int path = Math.max(0, url.length() - sent.getRequestURI().length());
      url.replace(path, url.length(), getRequestURI());
    }
    return url;
  }

  @Override
  public @Nullable String getQueryString() {
    return changes.target() == null ? super.getQueryString() : QueryText.of(changes.target());
  }

  @Override
  public @Nullable String getParameter(String name) {
    String[] values = getParameterMap().get(name);
    return values == null || values.length == 0 ? null : values[0];
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    String[] values = getParameterMap().get(name);
    return values == null ? null : values.clone();
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(getParameterMap().keySet());
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    if (changes.target() == null) {
      return super.getParameterMap();
    }
    Map<String, String[]> known = parameters;
    if (known == null) {
      known = QueryText.replaced(super.getParameterMap(), sent.getQueryString(), getQueryString());
      parameters = known;
    }
    return known;
  }

  @Override
  public @Nullable String getHeader(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return Collections.enumeration(values(name));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(changes.names(Collections.list(super.getHeaderNames())));
  }

  @Override
  public int getIntHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  @Override
  public long getDateHeader(String name) {
    String value = getHeader(name);
    if (value == null || value.equals(sent.getHeader(name))) {
      return value == null ? -1 : super.getDateHeader(name);
    }
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(name + ": no date", e);
    }
  }

  private List<String> values(String name) {
    return changes.lines(name, Collections.list(super.getHeaders(name)));
  }
}
