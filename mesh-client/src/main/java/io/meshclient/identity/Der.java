package io.meshclient.identity;

import java.security.cert.CertificateParsingException;
import java.util.Arrays;

/**
 * Reads the elements of a DER structure one after the other, as far as two extensions of
 * certificates need it. Where the JDK passes over an extension that it cannot read, this throws.
 */
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int SEQUENCE = 0x30;

  /** Lengths of more bytes than that are beyond any certificate. */
  private static final int MAX_LENGTH_BYTES = 3;

  private final byte[] bytes;
  private final int end;
  private int at;

  Der(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Der(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  boolean hasMore() {
    return at < end;
  }

  /** The tag of the next element, of one byte; -1 at the end. */
  int tag() {
    return hasMore() ? bytes[at] & 0xff : -1;
  }

  /** Goes past the next element, of that tag, and reads its content. */
  Der next(int tag) throws CertificateParsingException {
    if (tag() != tag) {
      throw malformed("tag " + tag() + " (expected: " + tag + ")");
    }
    at++;
    int length = length();
    if (length > end - at) {
      throw malformed("length " + length + " (expected: at most " + (end - at) + ")");
    }
    Der content = new Der(bytes, at, at + length);
    at += length;
    return content;
  }

  /** Goes past the next element, of that tag, which must be the last. */
  Der only(int tag) throws CertificateParsingException {
    Der content = next(tag);
    end();
    return content;
  }

  void end() throws CertificateParsingException {
    if (hasMore()) {
      throw malformed((end - at) + " bytes too many");
    }
  }

  /** Goes past the next element, of that tag, and has it whole, with tag and length. */
  byte[] element(int tag) throws CertificateParsingException {
    int from = at;
    next(tag);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /** What is left. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** What is left, one {@code char} for each byte. */
  String latin1() {
    StringBuilder text = new StringBuilder(end - at);
    for (; at < end; at++) {
      text.append((char) (bytes[at] & 0xff));
    }
    return text.toString();
  }

  private int length() throws CertificateParsingException {
    int first = octet();
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    if (count == 0 || count > MAX_LENGTH_BYTES) {
      throw malformed("length of " + count + " bytes (expected: 1 to " + MAX_LENGTH_BYTES + ")");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | octet();
    }
    if (length < 0x80 || length >>> 8 * (count - 1) == 0) {
      throw malformed("length not in its shortest form");
    }
    return length;
  }

  private int octet() throws CertificateParsingException {
    if (!hasMore()) {
      throw malformed("ends early");
    }
    return bytes[at++] & 0xff;
  }

  private CertificateParsingException malformed(String what) {
    return new CertificateParsingException("DER at " + at + ": " + what);
  }
}
