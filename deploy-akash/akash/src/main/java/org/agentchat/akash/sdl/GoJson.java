package org.agentchat.akash.sdl;

import java.util.List;
import java.util.Map;

/// JSON as Go's `encoding/json` writes it, which is what the provider hashes: no spaces, and beside
/// the usual characters `<`, `>`, `&`, U+2028 and U+2029 by their numbers.
final class GoJson {
  /// Stands for null in maps that hold none.
  static final Object NULL = new Object();

  private GoJson() {}

  /// Writes texts, whole numbers, truth values, lists and maps, the maps in their own order.
  static String text(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case String text -> write(text, out);
      case Integer number -> out.append(number.intValue());
      case Boolean truth -> out.append(truth.booleanValue());
      case List<?> list -> write(list, out);
      case Map<?, ?> map -> write(map, out);
      case Object other when other == NULL -> out.append("null");
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static void write(List<?> list, StringBuilder out) {
    String separator = "[";
    for (Object element : list) {
      out.append(separator);
      write(element, out);
      separator = ",";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private static void write(Map<?, ?> map, StringBuilder out) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      write((String) entry.getKey(), out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void write(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> unicode(c, out);
        default -> {
          if (c < ' ') {
            unicode(c, out);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void unicode(char c, StringBuilder out) {
    out.append("\\u%04x".formatted((int) c));
  }
}
