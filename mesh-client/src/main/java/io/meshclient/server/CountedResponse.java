package io.meshclient.server;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A servlet's answer, which tells how many bytes of its body are written. */
final class CountedResponse extends HttpServletResponseWrapper {
  private final BodyBytes bytes;
  private @Nullable ServletOutputStream output;
  private @Nullable PrintWriter writer;

  CountedResponse(HttpServletResponse answer, BodyBytes bytes) {
    super(answer);
    this.bytes = bytes;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream theirs = super.getOutputStream(); // not beside a writer
    ServletOutputStream known = output;
    if (known == null) {
      known = new CountedOutput(theirs, bytes, charset());
      output = known;
    }
    return known;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter theirs = super.getWriter(); // not beside a stream
    PrintWriter known = writer;
    if (known == null) {
      known = new CountedWriter(theirs, bytes, charset());
      writer = known;
    }
    return known;
  }

  private Charset charset() {
    String name = getCharacterEncoding();
    return name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
  }

  @Override
  public void reset() {
    super.reset();
    output = null; // either may be asked for now
    writer = null;
    bytes.discarded();
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    bytes.discarded();
  }

  @Override
  public void sendError(int status) throws IOException {
    super.sendError(status);
    bytes.discarded();
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    super.sendError(status, message);
    bytes.discarded();
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    super.sendRedirect(location);
    bytes.discarded();
  }
}
