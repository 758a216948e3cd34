package org.agentchat.schemas.statement;

import java.util.function.Function;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of one statement, in a frame or in the log, with the limits that all statements
/// share.
final class StatementFields {
  private final Fields fields;
  private final boolean signed;
  private final boolean logged;

  private StatementFields(JsonNode object, boolean signed, boolean logged) {
    this.fields = new Fields(object);
    this.signed = signed;
    this.logged = logged;
  }

  static StatementFields ofFrame(JsonNode frame, boolean signed) {
    return new StatementFields(frame, signed, false);
  }

  static StatementFields ofLog(JsonNode json) {
    return new StatementFields(json, true, true);
  }

  void requireSigned(String complaint) {
    if (!signed) {
      throw new InvalidStatementException(complaint);
    }
  }

  @Nullable JsonNumber number(String name, String complaint) {
    return fields.number(name, complaint);
  }

  @Nullable Integer stake(String name) {
    return fields.stake(name);
  }

  /// A short text that must be there, of any length yet.
  String word(String name, String complaint) {
    return fields.required(name, complaint);
  }

  /// A text of a form of its own that must be there.
  <T> T parsed(String name, String complaint, Function<String, T> read) {
    return fields.parsed(name, complaint, read);
  }

  /// A whole number from 0 to 2^53 - 1 that must be there.
  long safeInteger(String name, String complaint) {
    return fields.safeInteger(name, complaint);
  }

  /// The terms of an escrow, or null when there is none.
  @Nullable EscrowTerms escrow() {
    JsonNode value = fields.get("escrow");
    return value == null ? null : EscrowTerms.read(value);
  }

  @Nullable String optionalWord(String name, String complaint) {
    return fields.optional(name, complaint);
  }

  /// A free text that must be there.
  String required(String name, String complaint) {
    return bounded(name, fields.required(name, complaint));
  }

  /// A free text that must be there, but may be empty.
  String present(String name, String complaint) {
    String text = fields.optional(name, complaint);
    if (text == null) {
      throw new InvalidStatementException(complaint);
    }
    return bounded(name, text);
  }

  /// A free text that may be absent.
  @Nullable String text(String name, String complaint) {
    String text = fields.optional(name, complaint);
    return text == null ? null : bounded(name, text);
  }

  private static String bounded(String name, String text) {
    if (text.length() > Statement.MAX_TEXT_CHARS) {
      throw new InvalidStatementException(
          "%s too long (max %d chars): put its hash here"
              .formatted(name, Statement.MAX_TEXT_CHARS));
    }
    return text;
  }

  /// An identifier or a token: short, and without the separator of `agentchat/1`.
  String token(String name, String complaint) {
    String token = fields.required(name, complaint);
    if (token.length() > Statement.MAX_ID_CHARS || token.indexOf('|') >= 0) {
      throw new InvalidStatementException(complaint);
    }
    return token;
  }

  /// A list: an array in a frame, its text in the log.
  JsonText list(String name, String complaint, int maxChars) {
    JsonNode value = fields.get(name);
    if (value == null || (logged ? !value.isString() : !value.isArray())) {
      throw new InvalidStatementException(complaint);
    }
    JsonText list = listOf(value, complaint);
    if (list.text().length() > maxChars) {
      throw new InvalidStatementException(
          "%s too long (max %d chars): put its hash here".formatted(name, maxChars));
    }
    return list;
  }

  private JsonText listOf(JsonNode value, String complaint) {
    try {
      JsonText list = logged ? new JsonText(value.stringValue()) : JsonText.of(value);
      if (list.value().isArray()) {
        return list;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidStatementException(complaint + ": " + e.getMessage());
    }
    throw new InvalidStatementException(complaint);
  }
}
