package org.agentchat.schemas.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the plain JSON that most entries of a log are: objects of objects, ASCII texts without
/// escapes, and whole numbers, without a space between. Of anything else it says that it is not
/// plain, and the library reads it; what both read is the same tree, and what the library refuses
/// is not plain. It takes less time and makes less garbage, as no text passes through a buffer of
/// characters.
final class PlainReader {
  /// Most digits of a number; more may be beyond 2^53.
  private static final int MAX_DIGITS = 15;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Longest name of a field, in characters: far more than any that we know.
  private static final int MAX_NAME_CHARS = 64;

  /// For the whole process, as names are the same in all logs: it holds no state that anybody could
  /// tell, and 40 KB at the most.
  private static final Names NAMES = new Names();

  private final byte[] utf8;
  private int at;

  private PlainReader(byte[] utf8) {
    this.utf8 = utf8;
  }

  /// The tree of a text that is one plain object; empty if it is anything else.
  static Optional<ObjectNode> read(byte[] utf8) {
    PlainReader reader = new PlainReader(utf8);
    ObjectNode tree = reader.skips('{') ? reader.object(1) : null;
    return reader.at == utf8.length ? Optional.ofNullable(tree) : Optional.empty();
  }

  /// The object whose bracket has been read, or null.
  private @Nullable ObjectNode object(int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (skips('}')) {
      return object;
    }
    do {
      int size = object.size();
      String name = name();
      // A name that comes twice leaves the object as large as it was.
      if (name == null || !readValue(object, name, depth) || object.size() == size) {
        return null;
      }
    } while (skips(','));
    return skips('}') ? object : null;
  }

  /// A field's name and its colon, or null.
  private @Nullable String name() {
    int from = at + 1;
    int end = skips('"') ? endOfText() : -1;
    return end >= 0 && end - from <= MAX_NAME_CHARS && skips(':')
        ? NAMES.of(utf8, from, end)
        : null;
  }

  /// Reads a value into the field.
  ///
  /// @return whether it is plain
  private boolean readValue(ObjectNode object, String name, int depth) {
    if (skips('"')) {
      return readText(object, name);
    }
    if (depth < Json.MAX_DEPTH && skips('{')) {
      ObjectNode inner = object(depth + 1);
      if (inner != null) {
        object.set(name, inner);
      }
      return inner != null;
    }
    return readNumber(object, name);
  }

  private boolean readText(ObjectNode object, String name) {
    int from = at;
    int end = endOfText();
    if (end >= 0) {
      object.put(name, new String(utf8, from, end - from, StandardCharsets.ISO_8859_1));
    }
    return end >= 0;
  }

  /// The library makes a small number of a small one, too.
  private boolean readNumber(ObjectNode object, String name) {
    int from = at;
    long number = number();
    if (number == (int) number) {
      object.put(name, (int) number);
    } else {
      object.put(name, number);
    }
    return at > from;
  }

  private boolean skips(char wanted) {
    boolean there = at < utf8.length && utf8[at] == wanted;
    at += there ? 1 : 0;
    return there;
  }

  /// Skips a text's rest and its quotation mark.
  ///
  /// @return where the mark is, or -1 if the text is not plain or does not end
  private int endOfText() {
    int end = at;
    while (end <= utf8.length - Long.BYTES) {
      long found = PlainText.oddBytes((long) EIGHT_BYTES.get(utf8, end));
      if (found != 0) {
        end += Long.numberOfTrailingZeros(found) / Byte.SIZE;
        break;
      }
      end += Long.BYTES;
    }
    while (end < utf8.length && !PlainText.isOdd(utf8[end])) {
      end++;
    }
    if (end == utf8.length || utf8[end] != '"') {
      return -1;
    }
    at = end + 1;
    return end;
  }

  /// The whole number that is here; nothing is skipped if there is none, or a long one, or one that
  /// begins with a zero.
  private long number() {
    int end = at;
    long number = 0;
    while (end < utf8.length && utf8[end] >= '0' && utf8[end] <= '9' && end - at <= MAX_DIGITS) {
      number = 10 * number + (utf8[end] - '0');
      end++;
    }
    int digits = end - at;
    if (digits > MAX_DIGITS || (digits > 1 && utf8[at] == '0')) {
      return 0;
    }
    at = end;
    return number;
  }

  /// The names of fields, which are always the same few: each is made once.
  private static final class Names {
    private static final int PLACES = 512;

    /// By hash; of two names that share a place the later one stays. Whoever reads an older one
    /// only makes another string that is equal.
    private final @Nullable String[] places = new String[PLACES];

    String of(byte[] utf8, int from, int to) {
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + utf8[i];
      }
      int place = (hash ^ (hash >>> 9)) & (PLACES - 1);
      String known = places[place];
      if (known != null && is(known, utf8, from, to)) {
        return known;
      }
      String name = new String(utf8, from, to - from, StandardCharsets.ISO_8859_1);
      places[place] = name;
      return name;
    }

    private static boolean is(String name, byte[] utf8, int from, int to) {
      if (name.length() != to - from) {
        return false;
      }
      for (int i = from; i < to; i++) {
        if (name.charAt(i - from) != utf8[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
