package io.meshclient.access;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, such as {@code 10.0.0.0/8}; one address is a block of one. Immutable.
 *
 * @param bits how many leading ones count
 */
record AddressBlock(InetAddress address, int bits) {

  /** {@code null} for what is no block. */
  static @Nullable AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int length = address.getAddress().length * 8;
    int bits = slash < 0 ? length : number(text.substring(slash + 1), 3);
    return bits < 0 || bits > length ? null : new AddressBlock(address, bits);
  }

  /** An address in digits, never a name; {@code null} for anything else. */
  static @Nullable InetAddress address(String text) {
    boolean six = text.indexOf(':') >= 0;
    if (six ? !looksLikeSix(text) : !isFour(text)) {
      return null;
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      return six && address instanceof Inet4Address ? mapped(address) : address;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** The JDK makes an address of version 4 of ::ffff:1.2.3.4; to Envoy it is one of version 6. */
  private static InetAddress mapped(InetAddress four) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(four.getAddress(), 0, bytes, 12, 4);
    return Inet6Address.getByAddress(null, bytes, -1);
  }

  boolean contains(InetAddress candidate) {
    byte[] mine = address.getAddress();
    byte[] other = candidate.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int i = 0; i < bits; i += 8) {
      int mask = bits - i >= 8 ? 0xff : 0xff00 >> (bits - i) & 0xff;
      if (((mine[i / 8] ^ other[i / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFour(String text) {
    int parts = 0;
    for (int start = 0; start <= text.length(); parts++) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      int value = number(text.substring(start, end), 3);
      if (value < 0 || value > 255) {
        return false;
      }
      start = end + 1;
    }
    return parts == 4;
  }

  private static boolean looksLikeSix(String text) {
    return text.chars()
        .allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0 && c < 128);
  }

  /** Digits only, without needless zeros; negative for anything else. */
  private static int number(String digits, int longest) {
    boolean good =
        !digits.isEmpty()
            && digits.length() <= longest
            && (digits.length() == 1 || digits.charAt(0) != '0')
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return good ? Integer.parseInt(digits) : -1;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + bits;
  }
}
