package org.agentchat.schemas.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;
import tools.jackson.databind.util.RawValue;

/// Writes one object as canonical JSON (RFC 8785), straight into its bytes: what every entry of a
/// log is written with, and written again to be compared.
///
/// Fields are put in ascending order of their names, as the caller knows them; only the form of
/// values is the writer's. Not thread-safe.
public final class CanonicalWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /// Longest form of one byte of text: a backslash, `u` and four digits.
  private static final int MAX_ESCAPE_BYTES = 6;

  /// Up to this length, in characters, a text is written faster one by one.
  private static final int MAX_SHORT_CHARS = 64;

  /// The first whole number whose neighbour no double is.
  private static final long END_OF_EXACT = 1L << 53;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int size;

  /// Whether the next field or element is the first of its object or array.
  private boolean first = true;

  /// @param expected how many bytes there will be about
  public CanonicalWriter(int expected) {
    bytes = new byte[Math.max(MAX_ESCAPE_BYTES, expected)];
    put('{');
  }

  /// A text field.
  ///
  /// @throws IllegalArgumentException if the text has an unpaired surrogate, for then it has no
  ///   UTF-8 form
  public CanonicalWriter put(String name, String value) {
    name(name);
    text(value);
    return this;
  }

  /// Bytes as a text field, in standard base64 with padding (RFC 4648 section 4).
  public CanonicalWriter putBase64(String name, byte[] value) {
    name(name);
    put('"');
    raw(Base64.getEncoder().encode(value));
    put('"');
    return this;
  }

  /// A whole number.
  ///
  /// @throws IllegalArgumentException unless it is below 2^53 in size
  public CanonicalWriter put(String name, long value) {
    name(name);
    whole(value);
    return this;
  }

  /// A value whose fields, at any depth, are in order already, and whose numbers are written
  /// canonically as they are: whole ones below 2^53 and [JsonNumber]s.
  ///
  /// @throws IllegalArgumentException as above
  public CanonicalWriter put(String name, JsonNode value) {
    name(name);
    node(value);
    return this;
  }

  /// Begins an object as a field's value; [#end] ends it.
  public CanonicalWriter begin(String name) {
    name(name);
    put('{');
    first = true;
    return this;
  }

  /// Ends the object that was begun last.
  public CanonicalWriter end() {
    put('}');
    first = false;
    return this;
  }

  /// Ends the whole object and gives its bytes. The last call.
  public byte[] finish() {
    end();
    return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
  }

  private void node(JsonNode value) {
    switch (value.getNodeType()) {
      case OBJECT -> object((ObjectNode) value);
      case ARRAY -> array(value);
      case STRING -> text(value.stringValue());
      case NULL -> raw(NULL);
      case BOOLEAN -> raw(value.booleanValue() ? TRUE : FALSE);
      case NUMBER -> number(value);
      case POJO -> ascii(text((POJONode) value));
      case BINARY, MISSING -> throw new IllegalArgumentException("no JSON: " + value.getNodeType());
    }
  }

  private void number(JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("no whole number: " + value);
    }
    whole(value.longValue());
  }

  /// The text of a [JsonNumber].
  private static String text(POJONode value) {
    if (value.getPojo() instanceof RawValue raw && raw.rawValue() instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no JSON: " + value.getPojo());
  }

  private void object(ObjectNode object) {
    put('{');
    first = true;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      name(field.getKey());
      node(field.getValue());
    }
    end();
  }

  private void array(JsonNode array) {
    put('[');
    first = true;
    for (JsonNode element : array) {
      separate();
      node(element);
    }
    put(']');
    first = false;
  }

  private void name(String name) {
    separate();
    text(name);
    put(':');
  }

  private void separate() {
    if (!first) {
      put(',');
    }
    first = false;
  }

  private void text(String text) {
    if (text.length() > MAX_SHORT_CHARS || !writeShort(text)) {
      longText(text);
    }
  }

  /// Names and words: at once, as long as every character is one plain byte.
  ///
  /// @return whether it was written
  private boolean writeShort(String text) {
    int length = text.length();
    reserve(length + 2);
    byte[] to = bytes;
    int at = size;
    to[at++] = '"';
    for (int i = 0; i < length; i++) {
      char unit = text.charAt(i);
      if (unit < ' ' || unit >= 0x7f || unit == '"' || unit == '\\') {
        return false;
      }
      to[at++] = (byte) unit;
    }
    to[at++] = '"';
    size = at;
    return true;
  }

  private void longText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    put('"');
    if (isPlain(utf8)) {
      raw(utf8);
    } else if (Json.isWellFormed(text)) {
      escaped(utf8);
    } else {
      throw new IllegalArgumentException("half a character (unpaired surrogate)");
    }
    put('"');
  }

  /// Whether the bytes are written as they are, and are certainly what the text says.
  private static boolean isPlain(byte[] utf8) {
    int at = 0;
    for (; at <= utf8.length - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(utf8, at);
      if ((PlainText.oddBytes(eight) | PlainText.questionMarks(eight)) != 0) {
        return false;
      }
    }
    for (; at < utf8.length; at++) {
      if (PlainText.isOdd(utf8[at]) || utf8[at] == '?') {
        return false;
      }
    }
    return true;
  }

  /// Control characters, the quotation mark and the backslash; what is not ASCII is negative here.
  private static boolean isEscaped(byte unit) {
    return (unit >= 0 && unit < ' ') || unit == '"' || unit == '\\';
  }

  private void escaped(byte[] utf8) {
    for (byte unit : utf8) {
      if (isEscaped(unit)) {
        escape(unit);
      } else {
        put((char) (unit & 0xff));
      }
    }
  }

  /// The two-character forms of RFC 8785 section 3.2.2.2, and the hexadecimal one for other control
  /// characters.
  private void escape(byte unit) {
    put('\\');
    switch (unit) {
      case '"', '\\' -> put((char) unit);
      case '\b' -> put('b');
      case '\t' -> put('t');
      case '\n' -> put('n');
      case '\f' -> put('f');
      case '\r' -> put('r');
      default -> {
        ascii("u00");
        put((char) HEX[unit >> 4]);
        put((char) HEX[unit & 0xf]);
      }
    }
  }

  private void whole(long number) {
    if (number >= END_OF_EXACT || number <= -END_OF_EXACT) {
      throw new IllegalArgumentException("no double is exactly " + number);
    }
    if (number < 0) {
      put('-');
    }
    digits(Math.abs(number));
  }

  private void digits(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    reserve(digits);
    size += digits;
    long rest = number;
    for (int at = size - 1; digits > 0; digits--, at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  private void raw(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  /// @param unit one byte
  private void put(char unit) {
    reserve(1);
    bytes[size++] = (byte) unit;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
