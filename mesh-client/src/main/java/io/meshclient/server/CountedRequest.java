package io.meshclient.server;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A servlet's request, which tells how many bytes of its body are read. */
final class CountedRequest extends HttpServletRequestWrapper {
  private final CountedResponse answer;
  private final BodyBytes bytes;
  private @Nullable ServletInputStream input;
  private @Nullable BufferedReader reader;

  CountedRequest(HttpServletRequest request, CountedResponse answer, BodyBytes bytes) {
    super(request);
    this.answer = answer;
    this.bytes = bytes;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream theirs = super.getInputStream(); // not beside a reader
    ServletInputStream known = input;
    if (known == null) {
      known = new CountedInput(theirs, bytes);
      input = known;
    }
    return known;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    BufferedReader theirs = super.getReader(); // not beside a stream
    BufferedReader known = reader;
    if (known == null) {
      String name = getCharacterEncoding();
      Charset charset = name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
      known = new BufferedReader(new CountedReader(theirs, bytes, charset));
      reader = known;
    }
    return known;
  }

  /** The container would go on with its own, whose bytes nobody counts. */
  @Override
  public AsyncContext startAsync() {
    return super.startAsync(this, answer);
  }
}
