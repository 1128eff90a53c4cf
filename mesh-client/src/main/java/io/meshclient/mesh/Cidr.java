package io.meshclient.mesh;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A range of addresses, such as {@code 10.0.0.0/8}; an address alone is a range of one. */
final class Cidr {
  private final byte[] address;
  private final int bits;

  private Cidr(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** {@code null} if it is none. */
  static @Nullable Cidr tryParse(String text) {
    int slash = text.indexOf('/');
    byte[] address = addressOf(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    try {
      int bits = slash < 0 ? 8 * address.length : Integer.parseInt(text.substring(slash + 1));
      return bits >= 0 && bits <= 8 * address.length ? new Cidr(address, bits) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The bytes of an address that is written as one; {@code null} for a name. */
  static byte @Nullable [] addressOf(String host) {
    if (!isAddress(host)) {
      return null;
    }
    try {
      return InetAddress.getByName(host).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Whether a URL's host is an address: a name has a letter in its last label. */
  static boolean isAddress(String host) {
    if (host.isEmpty()) {
      return false;
    }
    if (host.indexOf(':') >= 0) {
      return true;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((other[bit >> 3] & mask) != (address[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
