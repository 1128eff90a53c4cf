package io.meshclient.policy;

import java.nio.charset.StandardCharsets;

/**
 * The 64-bit xxHash, by which Envoy places requests and endpoints on rings and tables: the same key
 * leads to the same endpoint here and there.
 */
public final class XxHash64 {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;

  private XxHash64() {}

  /** The hash of a text's UTF-8 bytes. */
  public static long hash(String text, long seed) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ofBytes(new String(bytes, StandardCharsets.ISO_8859_1), seed);
      }
    }
    return ofBytes(text, seed);
  }

  /** Each char is a byte. */
  private static long ofBytes(String text, long seed) {
    int length = text.length();
    int at = 0;
    long hash;
    if (length >= 32) {
      long v1 = seed + P1 + P2;
      long v2 = seed + P2;
      long v3 = seed;
      long v4 = seed - P1;
      for (; at <= length - 32; at += 32) {
        v1 = round(v1, eight(text, at));
        v2 = round(v2, eight(text, at + 8));
        v3 = round(v3, eight(text, at + 16));
        v4 = round(v4, eight(text, at + 24));
      }
      hash =
          Long.rotateLeft(v1, 1)
              + Long.rotateLeft(v2, 7)
              + Long.rotateLeft(v3, 12)
              + Long.rotateLeft(v4, 18);
      hash = merge(merge(merge(merge(hash, v1), v2), v3), v4);
    } else {
      hash = seed + P5;
    }
    return finish(text, at, hash + length);
  }

  private static long finish(String text, int from, long start) {
    int at = from;
    long hash = start;
    for (; at <= text.length() - 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, eight(text, at)), 27) * P1 + P4;
    }
    if (at <= text.length() - 4) {
      hash = Long.rotateLeft(hash ^ (four(text, at) * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < text.length(); at++) {
      hash = Long.rotateLeft(hash ^ ((text.charAt(at) & 0xFF) * P5), 11) * P1;
    }
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * P2, 31) * P1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * P1 + P4;
  }

  private static long eight(String text, int at) {
    return four(text, at) | four(text, at + 4) << 32;
  }

  private static long four(String text, int at) {
    return (text.charAt(at) & 0xFFL)
        | (text.charAt(at + 1) & 0xFFL) << 8
        | (text.charAt(at + 2) & 0xFFL) << 16
        | (text.charAt(at + 3) & 0xFFL) << 24;
  }
}
