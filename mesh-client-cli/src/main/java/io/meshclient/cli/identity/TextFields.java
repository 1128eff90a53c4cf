package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Reads a Protocol Buffers message of texts alone, as the Workload API's requests are. */
record TextFields(List<Field> fields) {
  private static final int LENGTH_DELIMITED = 2;

  record Field(int number, String text) {}

  static TextFields read(byte[] message) throws GrpcFault {
    List<Field> fields = new ArrayList<>();
    // One byte is enough for the fields' numbers, two for most lengths.
    int at = 0;
    while (at < message.length) {
      int key = message[at++];
      int length = 0;
      int shift = 0;
      boolean more = true;
      while (more && at < message.length && shift < 28) {
        length |= (message[at] & 0x7f) << shift;
        shift += 7;
        more = message[at++] < 0;
      }
      if (key < 0 || (key & 7) != LENGTH_DELIMITED || more || length > message.length - at) {
        throw new GrpcFault(GrpcFault.INVALID_ARGUMENT, "a malformed request");
      }
      fields.add(new Field(key >> 3, new String(message, at, length, UTF_8)));
      at += length;
    }
    return new TextFields(fields);
  }

  List<String> all(int number) {
    return fields.stream().filter(f -> f.number() == number).map(Field::text).toList();
  }

  /** The last one; empty if there is none. */
  String last(int number) {
    List<String> all = all(number);
    return all.isEmpty() ? "" : all.get(all.size() - 1);
  }
}
