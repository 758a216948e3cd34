package org.agentchat.akash.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A protobuf message read by the numbers of its fields. Whoever has read all that a message may
/// hold calls [#end], which refuses the rest, as the chain refuses unknown fields.
final class Wire {
  private final UnknownFieldSet fields;
  private final String name;
  private final Set<Integer> read = new HashSet<>();

  private Wire(UnknownFieldSet fields, String name) {
    this.fields = fields;
    this.name = name;
  }

  static Wire of(ByteString bytes, String name) throws Refused {
    try {
      return new Wire(UnknownFieldSet.parseFrom(bytes), name);
    } catch (InvalidProtocolBufferException e) {
      throw Refused.decoding("tx parse error: " + name + ": " + e.getMessage());
    }
  }

  private List<ByteString> all(int number) throws Refused {
    read.add(number);
    UnknownFieldSet.Field field = fields.getField(number);
    if (!field.getVarintList().isEmpty()
        || !field.getFixed32List().isEmpty()
        || !field.getFixed64List().isEmpty()) {
      throw Refused.decoding("tx parse error: " + name + ": field " + number + " has a wrong type");
    }
    return field.getLengthDelimitedList();
  }

  List<ByteString> byteStrings(int number) throws Refused {
    return all(number);
  }

  ByteString bytes(int number) throws Refused {
    List<ByteString> all = all(number);
    if (all.size() > 1) {
      throw Refused.decoding("tx parse error: " + name + ": field " + number + " twice");
    }
    return all.isEmpty() ? ByteString.EMPTY : all.getFirst();
  }

  String text(int number) throws Refused {
    ByteString bytes = bytes(number);
    if (!bytes.isValidUtf8()) {
      throw Refused.decoding("tx parse error: " + name + ": field " + number + " is no UTF-8");
    }
    return bytes.toStringUtf8();
  }

  List<String> texts(int number) throws Refused {
    return all(number).stream().map(ByteString::toStringUtf8).toList();
  }

  Wire message(int number) throws Refused {
    return of(bytes(number), name + "." + number);
  }

  List<Wire> messages(int number) throws Refused {
    List<Wire> messages = new ArrayList<>();
    for (ByteString bytes : all(number)) {
      messages.add(of(bytes, name + "." + number));
    }
    return messages;
  }

  long number(int number) throws Refused {
    List<Long> all = numbers(number);
    if (all.size() > 1) {
      throw Refused.decoding("tx parse error: " + name + ": field " + number + " twice");
    }
    return all.isEmpty() ? 0 : all.getFirst();
  }

  List<Long> numbers(int number) throws Refused {
    read.add(number);
    UnknownFieldSet.Field field = fields.getField(number);
    if (!field.getLengthDelimitedList().isEmpty()) {
      throw Refused.decoding("tx parse error: " + name + ": field " + number + " has a wrong type");
    }
    return field.getVarintList();
  }

  void end() throws Refused {
    for (int number : fields.asMap().keySet()) {
      if (!read.contains(number)) {
        throw Refused.decoding(
            "errUnknownField \"" + name + "\": {TagNum: " + number + "}: tx parse error");
      }
    }
  }
}
