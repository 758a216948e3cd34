package org.agentchat.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The lines of the format `agentchat-log/1`, without their line feed. Members come in the order
/// written here, nothing else may be in a line.
///
///     {"format":"agentchat-log/1","from":0,"size":2}
///     {"index":0,"event":"text"}
///     {"index":1,"event_base64":"gA=="}
final class LogLine {

  /// The longest line: a record of control characters takes six bytes each (a backslash, `u` and
  /// four digits), and a hundred are enough for the rest.
  static final int MAX_BYTES = 6 * EventLog.MAX_RECORD_BYTES + 100;

  private static final JsonFactory JSON = JsonFactory.builder().build();

  private LogLine() {}

  static byte[] write(LogHeader header) {
    return json(line -> {
      line.writeStringProperty("format", LogHeader.FORMAT);
      line.writeNumberProperty("from", header.from());
      line.writeNumberProperty("size", header.size());
    });
  }

  /// The value as text where a person can read it and it comes back byte for byte, else in base64.
  static byte[] write(LogRecord record) {
    return json(line -> {
      line.writeNumberProperty("index", record.index());
      text(record.value())
          .ifPresentOrElse(
              text -> line.writeStringProperty("event", text),
              () ->
                  line.writeStringProperty(
                      "event_base64", Base64.getEncoder().encodeToString(record.value())));
    });
  }

  static LogHeader parseHeader(byte[] line) throws MalformedLineException {
    return parse(
        line,
        json -> {
          member(json, "format");
          String format = string(json);
          if (!format.equals(LogHeader.FORMAT)) {
            throw new MalformedLineException(
                "wanted format %s, found %s".formatted(LogHeader.FORMAT, format));
          }
          member(json, "from");
          long from = number(json);
          member(json, "size");
          return new LogHeader(from, number(json));
        });
  }

  static LogRecord parseRecord(byte[] line) throws MalformedLineException {
    return parse(
        line,
        json -> {
          member(json, "index");
          long index = number(json);
          byte[] value = value(json);
          if (value.length > EventLog.MAX_RECORD_BYTES) {
            throw new MalformedLineException(
                "wanted at most %d bytes of event, found %d"
                    .formatted(EventLog.MAX_RECORD_BYTES, value.length));
          }
          return new LogRecord(index, value);
        });
  }

  private static byte[] json(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator line = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      line.writeStartObject();
      members.write(line);
      line.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static Optional<String> text(byte[] value) {
    for (byte b : value) {
      if (b == '\n' || b == '\r') {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(decode(value));
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static <T> T parse(byte[] line, Content<T> content) throws MalformedLineException {
    if (line.length > MAX_BYTES) {
      throw new MalformedLineException(
          "wanted at most %d bytes in a line, found more".formatted(MAX_BYTES));
    }
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), decode(line))) {
      expect(json, JsonToken.START_OBJECT);
      T result = content.parse(json);
      expect(json, JsonToken.END_OBJECT);
      if (json.nextToken() != null) {
        throw new MalformedLineException("wanted one JSON object, found more behind it");
      }
      return result;
    } catch (CharacterCodingException _) {
      throw new MalformedLineException("wanted UTF-8, found other bytes");
    } catch (JacksonException e) {
      throw new MalformedLineException("wanted JSON, found: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new MalformedLineException(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] value(JsonParser json) throws MalformedLineException {
    String name = json.nextName();
    if ("event".equals(name)) {
      return encode(string(json));
    }
    if ("event_base64".equals(name)) {
      return Base64.getDecoder().decode(string(json));
    }
    throw new MalformedLineException("wanted member event or event_base64, found " + name);
  }

  private static void member(JsonParser json, String wanted) throws MalformedLineException {
    String found = json.nextName();
    if (!wanted.equals(found)) {
      throw new MalformedLineException("wanted member %s, found %s".formatted(wanted, found));
    }
  }

  private static String string(JsonParser json) throws MalformedLineException {
    expect(json, JsonToken.VALUE_STRING);
    return json.getString();
  }

  private static long number(JsonParser json) throws MalformedLineException {
    expect(json, JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }

  private static void expect(JsonParser json, JsonToken wanted) throws MalformedLineException {
    JsonToken found = json.nextToken();
    if (found != wanted) {
      throw new MalformedLineException("wanted %s, found %s".formatted(wanted, found));
    }
  }

  /// Unlike `new String`, refuses bytes that are not UTF-8.
  private static String decode(byte[] utf8) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  /// Unlike `getBytes`, refuses half a surrogate pair.
  private static byte[] encode(String text) throws MalformedLineException {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException _) {
      throw new MalformedLineException("wanted text, found half a surrogate pair");
    }
  }

  @FunctionalInterface
  private interface Members {
    void write(JsonGenerator line);
  }

  @FunctionalInterface
  private interface Content<T> {
    T parse(JsonParser json) throws MalformedLineException;
  }
}
