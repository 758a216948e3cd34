package org.agentchat.schemas.message;

import java.util.List;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of [ChatMessage]s, read in the protocol's order of checks and with its words
/// (protocol.md section 2).
public final class ChatCodec {
  /// What SET_PRESENCE may say.
  public static final List<String> STATUSES =
      List.of("online", "away", "busy", "offline", "listening");

  /// Longest `status_text`, in characters.
  public static final int MAX_STATUS_CHARS = 100;

  /// Longest nick, in characters.
  public static final int MAX_NICK_CHARS = 24;

  /// Shortest and longest nonce of a VERIFY_REQUEST, in characters.
  public static final int MIN_NONCE_CHARS = 16;

  /// See [#MIN_NONCE_CHARS].
  public static final int MAX_NONCE_CHARS = 128;

  private static final Pattern NICK = Pattern.compile("[a-zA-Z0-9_-]+");

  private ChatCodec() {}

  /// Reads the fields of a frame of this family.
  ///
  /// @throws InvalidStatementException saying what is wrong, in the protocol's words
  static ChatMessage read(String type, Fields fields) {
    return switch (type) {
      case "SET_PRESENCE" -> presence(fields);
      case "SET_NICK" -> new ChatMessage.SetNick(nick(fields));
      case "TYPING" -> new ChatMessage.Typing(ClientMessageCodec.channel(fields));
      case "RESPONDING_TO" -> respondingTo(fields);
      case "CREATE_CHANNEL" ->
          new ChatMessage.CreateChannel(
              ClientMessageCodec.channel(fields),
              flag(fields, "invite_only"),
              flag(fields, "verified_only"));
      case "INVITE" ->
          new ChatMessage.Invite(
              ClientMessageCodec.channel(fields), agent(fields, "agent", "Invalid agent target"));
      case "FILE_CHUNK" -> fileChunk(fields);
      case "VERIFY_REQUEST" -> verifyRequest(fields);
      case "VERIFY_RESPONSE" -> verifyResponse(fields);
      default -> throw new IllegalArgumentException("not of the chat family: " + type);
    };
  }

  private static ChatMessage presence(Fields fields) {
    String complaint = "Invalid presence status. Must be one of: " + String.join(", ", STATUSES);
    String status = fields.required("status", complaint);
    requireThat(STATUSES.contains(status), complaint);
    String text = fields.optional("status_text", "status_text must be a string");
    requireThat(
        text == null || text.length() <= MAX_STATUS_CHARS, "status_text too long (max 100 chars)");
    return new ChatMessage.SetPresence(status, text);
  }

  private static String nick(Fields fields) {
    String nick = fields.required("nick", "Missing or invalid nick").strip();
    requireThat(!nick.isEmpty() && nick.length() <= MAX_NICK_CHARS, "Nick must be 1-24 characters");
    requireThat(
        NICK.matcher(nick).matches(),
        "Nick must contain only alphanumeric characters, hyphens, and underscores");
    return nick;
  }

  private static ChatMessage respondingTo(Fields fields) {
    String msgId = bounded(fields, "msg_id", "Missing or invalid msg_id");
    String channel = fields.required("channel", "Missing or invalid channel");
    requireThat(ClientMessageCodec.isChannel(channel), "Missing or invalid channel");
    String complaint = "Missing or invalid started_at timestamp";
    @Nullable JsonNumber startedAt = fields.number("started_at", complaint);
    if (startedAt == null) {
      throw new InvalidStatementException(complaint);
    }
    return new ChatMessage.RespondingTo(msgId, channel, startedAt);
  }

  private static ChatMessage fileChunk(Fields fields) {
    String to = fields.required("to", "Missing target");
    requireThat(to.startsWith("@"), "FILE_CHUNK only supports DM targets (@agent)");
    requireThat(
        to.length() <= ClientMessageCodec.MAX_ID_CHARS, "Invalid target (max 128 characters)");
    JsonNode content = fields.get("content");
    if (content == null || !content.isString() || !Json.isWellFormed(content.stringValue())) {
      throw new InvalidStatementException("Missing or invalid content");
    }
    String text = content.stringValue();
    requireThat(
        text.length() <= ClientMessageCodec.MAX_CONTENT_CHARS, "FILE_CHUNK too large (max 2MB)");
    return new ChatMessage.FileChunk(to, text);
  }

  private static ChatMessage verifyRequest(Fields fields) {
    String target = fields.required("target", "Missing target agent");
    AgentId agent =
        AgentId.parse(target)
            .orElseThrow(() -> new InvalidStatementException("Target must be an agent (@id)"));
    String nonce = fields.required("nonce", "Missing or invalid nonce");
    requireThat(
        nonce.length() >= MIN_NONCE_CHARS && nonce.length() <= MAX_NONCE_CHARS,
        "Nonce must be 16-128 characters");
    return new ChatMessage.VerifyRequest(agent, nonce);
  }

  private static ChatMessage verifyResponse(Fields fields) {
    String requestId = bounded(fields, "request_id", "Missing request_id");
    String nonce = bounded(fields, "nonce", "Missing or invalid nonce");
    String complaint = "Missing or invalid signature";
    String sig = fields.required("sig", complaint);
    requireThat(sig.length() <= Signature.MAX_CHARS, complaint);
    return new ChatMessage.VerifyResponse(requestId, nonce, sig);
  }

  private static String bounded(Fields fields, String name, String complaint) {
    String text = fields.required(name, complaint);
    requireThat(text.length() <= ClientMessageCodec.MAX_ID_CHARS, complaint);
    return text;
  }

  private static AgentId agent(Fields fields, String name, String complaint) {
    return AgentId.parse(fields.required(name, complaint))
        .orElseThrow(() -> new InvalidStatementException(complaint));
  }

  /// A switch that is off when it is absent. A client that says `"yes"` is told, or it would get a
  /// public channel where it wanted a private one.
  private static boolean flag(Fields fields, String name) {
    JsonNode value = fields.get(name);
    requireThat(value == null || value.isBoolean(), name + " must be a boolean");
    return value != null && value.booleanValue();
  }

  private static void requireThat(boolean good, String complaint) {
    if (!good) {
      throw new InvalidStatementException(complaint);
    }
  }

  /// Puts the message's type and fields into a frame.
  static void write(ObjectNode frame, ChatMessage message) {
    switch (message) {
      case ChatMessage.SetPresence(String status, String text) -> {
        frame.put("type", "SET_PRESENCE").put("status", status);
        if (text != null) {
          frame.put("status_text", text);
        }
      }
      case ChatMessage.SetNick(String nick) -> frame.put("type", "SET_NICK").put("nick", nick);
      case ChatMessage.Typing(String channel) ->
          frame.put("type", "TYPING").put("channel", channel);
      case ChatMessage.RespondingTo(String msgId, String channel, JsonNumber startedAt) -> {
        frame.put("type", "RESPONDING_TO").put("msg_id", msgId).put("channel", channel);
        frame.set("started_at", Json.parse(startedAt.text()));
      }
      case ChatMessage.CreateChannel(String channel, boolean invited, boolean verified) -> {
        frame.put("type", "CREATE_CHANNEL").put("channel", channel);
        putIfTrue(frame, "invite_only", invited);
        putIfTrue(frame, "verified_only", verified);
      }
      case ChatMessage.Invite(String channel, AgentId agent) ->
          frame.put("type", "INVITE").put("channel", channel).put("agent", agent.toString());
      case ChatMessage.FileChunk(String to, String content) ->
          frame.put("type", "FILE_CHUNK").put("to", to).put("content", content);
      case ChatMessage.VerifyRequest(AgentId target, String nonce) ->
          frame.put("type", "VERIFY_REQUEST").put("target", target.toString()).put("nonce", nonce);
      case ChatMessage.VerifyResponse(String requestId, String nonce, String sig) ->
          frame
              .put("type", "VERIFY_RESPONSE")
              .put("request_id", requestId)
              .put("nonce", nonce)
              .put("sig", sig);
    }
  }

  private static void putIfTrue(ObjectNode frame, String name, boolean value) {
    if (value) {
      frame.put(name, true);
    }
  }
}
