package io.meshclient.bench;

/** One in so many calls fails, where calls fail at all. */
final class Failing {
  static final int CALLS = 10;

  private Failing() {}
}
