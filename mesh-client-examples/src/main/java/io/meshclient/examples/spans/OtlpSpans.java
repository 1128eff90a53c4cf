package io.meshclient.examples.spans;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code ExportTraceServiceRequest} of <a
 * href="https://github.com/open-telemetry/opentelemetry-proto">OpenTelemetry's protocol</a>: of its
 * fields the ones that are shown.
 */
final class OtlpSpans {

  private OtlpSpans() {}

  static List<ReceivedSpan> of(byte[] request) {
    List<ReceivedSpan> spans = new ArrayList<>();
    for (ProtoFields.Field field : ProtoFields.of(request)) {
      if (field.number() == 1) {
        resourceSpans(field.bytes(), spans);
      }
    }
    return spans;
  }

  private static void resourceSpans(byte[] message, List<ReceivedSpan> spans) {
    String service = "";
    for (ProtoFields.Field field : ProtoFields.of(message)) {
      if (field.number() == 1) {
        service = attributes(field.bytes(), 1).getOrDefault("service.name", "");
      }
    }
    for (ProtoFields.Field scopes : ProtoFields.of(message)) {
      if (scopes.number() != 2) {
        continue;
      }
      for (ProtoFields.Field field : ProtoFields.of(scopes.bytes())) {
        if (field.number() == 2) {
          spans.add(span(field.bytes(), service));
        }
      }
    }
  }

  private static ReceivedSpan span(byte[] message, String service) {
    String trace = "";
    String id = "";
    String parent = "";
    String name = "";
    int kind = 0;
    long start = 0;
    long end = 0;
    boolean error = false;
    for (ProtoFields.Field field : ProtoFields.of(message)) {
      switch (field.number()) {
        case 1 -> trace = HexFormat.of().formatHex(field.bytes());
        case 2 -> id = HexFormat.of().formatHex(field.bytes());
        case 4 -> parent = HexFormat.of().formatHex(field.bytes());
        case 5 -> name = field.text();
        case 6 -> kind = (int) field.value();
        case 7 -> start = field.value();
        case 8 -> end = field.value();
        case 15 -> error = ProtoFields.of(field.bytes()).stream().anyMatch(OtlpSpans::isError);
        default -> {}
      }
    }
    Map<String, String> attributes = attributes(message, 9);
    return new ReceivedSpan(trace, id, parent, name, kind, service, start, end, attributes, error);
  }

  private static boolean isError(ProtoFields.Field ofStatus) {
    return ofStatus.number() == 3 && ofStatus.value() == 2;
  }

  private static Map<String, String> attributes(byte[] message, int number) {
    Map<String, String> attributes = new HashMap<>();
    for (ProtoFields.Field field : ProtoFields.of(message)) {
      if (field.number() != number) {
        continue;
      }
      String key = "";
      String value = "";
      for (ProtoFields.Field part : ProtoFields.of(field.bytes())) {
        if (part.number() == 1) {
          key = part.text();
        } else if (part.number() == 2) {
          value = value(part.bytes());
        }
      }
      attributes.put(key, value);
    }
    return attributes;
  }

  /** The first field of an {@code AnyValue}: a text, a truth, a number; lists are not shown. */
  private static String value(byte[] any) {
    List<ProtoFields.Field> fields = ProtoFields.of(any);
    if (fields.isEmpty()) {
      return "";
    }
    ProtoFields.Field field = fields.get(0);
    return switch (field.number()) {
      case 1 -> field.text();
      case 2 -> Boolean.toString(field.value() != 0);
      case 3 -> Long.toString(field.value());
      case 4 -> Double.toString(Double.longBitsToDouble(field.value()));
      default -> "...";
    };
  }
}
