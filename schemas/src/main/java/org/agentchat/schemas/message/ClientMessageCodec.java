package org.agentchat.schemas.message;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Client messages as text frames. Reading checks in the protocol's order and complains in its
/// words (protocol.md section 2); no input makes it throw.
public final class ClientMessageCodec {
  /// Largest frame, in characters or bytes.
  public static final int MAX_FRAME = 2 * 1024 * 1024;

  /// Longest content of a chat message, in characters.
  public static final int MAX_CONTENT_CHARS = 2 * 1024 * 1024;

  /// Longest `client_msg_id`, in characters.
  public static final int MAX_CLIENT_MSG_ID_CHARS = 64;

  /// Longest `challenge_id`, target and `in_reply_to`, in characters: the longest agent id, with
  /// its `@`, has 65.
  public static final int MAX_ID_CHARS = 128;

  /// Longest answer to a captcha, in characters; the right ones are words.
  public static final int MAX_ANSWER_CHARS = 256;

  /// As much of a client's own word as an answer repeats, in characters.
  private static final int MAX_ECHO_CHARS = 64;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,32}");
  private static final Pattern CHANNEL = Pattern.compile("#[a-zA-Z0-9_-]{1,31}");
  private static final Set<String> ENVELOPE =
      Set.of("type", "sig", "scheme", "key", "origin", "ts", "nonce", "client_msg_id");

  private ClientMessageCodec() {}

  /// Reads one text frame.
  public static ClientFrame decode(String text) {
    if (text.length() > MAX_FRAME) {
      return new ClientFrame.Invalid(
          "Message too large (" + text.length() + " bytes, max " + MAX_FRAME + ")", null);
    }
    JsonNode frame;
    try {
      frame = Json.parseMessage(text);
    } catch (JacksonException _) {
      return new ClientFrame.Invalid("Invalid JSON", null);
    }
    String id = clientMsgId(frame);
    try {
      return new ClientFrame.Accepted(read(frame), id);
    } catch (InvalidStatementException e) {
      return new ClientFrame.Invalid(String.valueOf(e.getMessage()), id);
    }
  }

  private static @Nullable String clientMsgId(JsonNode frame) {
    JsonNode id = frame.path("client_msg_id");
    return id.isString()
            && id.stringValue().length() <= MAX_CLIENT_MSG_ID_CHARS
            && Json.isWellFormed(id.stringValue())
        ? id.stringValue()
        : null;
  }

  private static ClientMessage read(JsonNode frame) {
    Fields fields = new Fields(frame);
    String type = fields.required("type", "Missing message type");
    return switch (type) {
      case "IDENTIFY" -> identify(fields);
      case "VERIFY_IDENTITY" -> verifyIdentity(fields);
      case "CAPTCHA_RESPONSE" -> captchaResponse(fields);
      case "JOIN" -> new ClientMessage.Join(channel(fields));
      case "LEAVE" -> new ClientMessage.Leave(channel(fields));
      case "MSG" -> msg(fields);
      case "LIST_CHANNELS" -> new ClientMessage.ListChannels();
      case "LIST_AGENTS" -> new ClientMessage.ListAgents(channel(fields));
      case "RESUME" -> new ClientMessage.Resume(since(fields));
      case "SEARCH_SKILLS" -> SearchReader.read(fields);
      case "PING" -> new ClientMessage.Ping();
      case "SET_PRESENCE",
          "SET_NICK",
          "TYPING",
          "RESPONDING_TO",
          "CREATE_CHANNEL",
          "INVITE",
          "FILE_CHUNK",
          "VERIFY_REQUEST",
          "VERIFY_RESPONSE" ->
          ChatCodec.read(type, fields);
      default -> {
        Optional<AdminMessage> admin = AdminReader.read(type, fields);
        yield admin.isPresent() ? admin.get() : statement(type, frame, fields);
      }
    };
  }

  private static ClientMessage identify(Fields fields) {
    String name = fields.required("name", "Invalid agent name");
    requireThat(NAME.matcher(name).matches(), "Invalid agent name");
    String complaint = "Invalid public key format (must be Ed25519 PEM)";
    String pem = fields.optional("pubkey", complaint);
    try {
      AgentKey key = pem == null ? null : AgentKey.ofPem(pem);
      return new ClientMessage.Identify(
          name, key, fields.get("since") == null ? null : since(fields));
    } catch (InvalidStatementException e) {
      throw e;
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException(complaint);
    }
  }

  private static long since(Fields fields) {
    return fields.index("since", "Missing or invalid since (a log index, or -1)");
  }

  private static ClientMessage verifyIdentity(Fields fields) {
    String id = fields.required("challenge_id", "Missing or invalid challenge_id");
    requireThat(id.length() <= MAX_ID_CHARS, "Missing or invalid challenge_id");
    String signature = fields.required("signature", "Missing or invalid signature");
    requireThat(signature.length() <= Signature.MAX_CHARS, "Missing or invalid signature");
    JsonNumber timestamp = fields.number("timestamp", "Missing or invalid timestamp");
    if (timestamp == null || timestamp.value() == 0) {
      throw new InvalidStatementException("Missing or invalid timestamp");
    }
    String scheme = fields.optional("scheme", "Unknown scheme");
    return new ClientMessage.VerifyIdentity(
        id, signature, timestamp, scheme == null ? Scheme.JOINED : knownScheme(scheme));
  }

  private static ClientMessage captchaResponse(Fields fields) {
    String id = fields.required("captcha_id", "Missing or invalid captcha_id");
    requireThat(id.length() <= MAX_ID_CHARS, "Missing or invalid captcha_id");
    String answer = fields.required("answer", "Missing or invalid answer");
    requireThat(answer.length() <= MAX_ANSWER_CHARS, "Missing or invalid answer");
    return new ClientMessage.CaptchaResponse(id, answer);
  }

  private static ClientMessage msg(Fields fields) {
    String to = fields.required("to", "Missing target");
    requireThat(
        to.startsWith("#") || to.startsWith("@"), "Invalid target (must start with # or @)");
    requireThat(to.length() <= MAX_ID_CHARS, "Invalid target (max 128 characters)");
    JsonNode content = fields.get("content");
    requireThat(
        content != null && content.isString() && Json.isWellFormed(content.stringValue()),
        "Missing or invalid content");
    String text = content == null ? "" : content.stringValue();
    requireThat(text.length() <= MAX_CONTENT_CHARS, "Content too long (max 2MB)");
    String signature = fields.optional("sig", "Invalid signature format");
    requireThat(
        signature == null || signature.length() <= Signature.MAX_CHARS, "Invalid signature format");
    JsonNumber ts = signature == null ? null : fields.number("ts", "Invalid signature format");
    String inReplyTo = fields.optional("in_reply_to", "in_reply_to must be a string");
    requireThat(
        inReplyTo == null || inReplyTo.length() <= MAX_ID_CHARS,
        "in_reply_to too long (max 128 characters)");
    return new ClientMessage.Msg(to, text, signature, ts, inReplyTo);
  }

  private static ClientMessage statement(String type, JsonNode frame, Fields fields) {
    JsonNode sig = fields.get("sig");
    boolean signed = sig != null && sig.isString() && !sig.stringValue().isEmpty();
    Statement statement =
        Statement.read(type, frame, signed)
            .orElseThrow(
                () -> new InvalidStatementException("Unknown message type: " + echo(type)));
    String signature = fields.required("sig", "Missing or invalid signature");
    requireThat(signature.length() <= Signature.MAX_CHARS, "Missing or invalid signature");
    String scheme = fields.optional("scheme", "Unknown scheme");
    return switch (scheme == null ? Scheme.JOINED : knownScheme(scheme)) {
      case Scheme.BOUND -> {
        requireNoOtherFields(type, frame);
        Scheme.Bound bound =
            new Scheme.Bound(
                fields.required("origin", "Missing or invalid origin"),
                fields.millis("ts", "Missing or invalid ts"),
                fields.required("nonce", "Missing or invalid nonce"));
        yield new ClientMessage.State(statement, bound, signature, key(fields));
      }
      default -> {
        statement.joined();
        yield new ClientMessage.State(statement, new Scheme.Joined(), signature, null);
      }
    };
  }

  private static AgentKey key(Fields fields) {
    try {
      return AgentKey.ofBase64(fields.required("key", "Missing or invalid key"));
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException("Missing or invalid key");
    }
  }

  private static String knownScheme(String scheme) {
    requireThat(
        scheme.equals(Scheme.JOINED) || scheme.equals(Scheme.BOUND),
        "Unknown scheme: " + echo(scheme));
    return scheme;
  }

  private static void requireNoOtherFields(String type, JsonNode frame) {
    Set<String> known = new HashSet<>(ENVELOPE);
    known.addAll(Statement.fieldNames(type));
    for (String name : frame.propertyNames()) {
      requireThat(known.contains(name), "Unknown field: " + echo(name));
    }
  }

  private static String echo(String word) {
    return Json.excerpt(word, MAX_ECHO_CHARS);
  }

  static String channel(Fields fields) {
    String channel = fields.required("channel", "Invalid channel name");
    requireThat(isChannel(channel), "Invalid channel name");
    return channel;
  }

  /// Whether the text may name a channel: `#` and 1 to 31 of `[a-zA-Z0-9_-]`.
  public static boolean isChannel(String text) {
    return CHANNEL.matcher(text).matches();
  }

  /// Whether the text may be an agent's display name.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static void requireThat(boolean good, String complaint) {
    if (!good) {
      throw new InvalidStatementException(complaint);
    }
  }

  /// The frame that says the message, as our own client sends it.
  public static ObjectNode encode(ClientMessage message) {
    ObjectNode frame = JsonNodeFactory.instance.objectNode();
    switch (message) {
      case ClientMessage.Identify identify -> {
        frame.put("type", "IDENTIFY").put("name", identify.name());
        if (identify.key() != null) {
          frame.put("pubkey", identify.key().pem());
        }
        if (identify.since() != null) {
          frame.put("since", identify.since());
        }
      }
      case ClientMessage.VerifyIdentity verify -> {
        frame.put("type", "VERIFY_IDENTITY").put("challenge_id", verify.challengeId());
        frame.put("signature", verify.signature());
        frame.set("timestamp", Json.parse(verify.timestamp().text()));
        if (verify.scheme().equals(Scheme.BOUND)) {
          frame.put("scheme", Scheme.BOUND);
        }
      }
      case ClientMessage.CaptchaResponse(String captcha, String answer) ->
          frame.put("type", "CAPTCHA_RESPONSE").put("captcha_id", captcha).put("answer", answer);
      case AdminMessage admin -> AdminReader.write(frame, admin);
      case ClientMessage.Join join -> frame.put("type", "JOIN").put("channel", join.channel());
      case ClientMessage.Leave leave -> frame.put("type", "LEAVE").put("channel", leave.channel());
      case ClientMessage.Msg msg -> msg(frame, msg);
      case ClientMessage.ListChannels _ -> frame.put("type", "LIST_CHANNELS");
      case ClientMessage.ListAgents list ->
          frame.put("type", "LIST_AGENTS").put("channel", list.channel());
      case ClientMessage.SearchSkills search -> SearchReader.write(frame, search);
      case ClientMessage.Ping _ -> frame.put("type", "PING");
      case ClientMessage.Resume resume -> frame.put("type", "RESUME").put("since", resume.since());
      case ClientMessage.State state -> state(frame, state);
      case ChatMessage chat -> ChatCodec.write(frame, chat);
    }
    return frame;
  }

  /// The frame that carries a signed statement.
  public static ObjectNode encode(SignedStatement signed) {
    return encode(
        new ClientMessage.State(
            signed.statement(), signed.scheme(), signed.signature().base64(), signed.key()));
  }

  private static void msg(ObjectNode frame, ClientMessage.Msg msg) {
    frame.put("type", "MSG").put("to", msg.to()).put("content", msg.content());
    if (msg.signature() != null && msg.ts() != null) {
      frame.set("ts", Json.parse(msg.ts().text()));
      frame.put("sig", msg.signature());
    }
    if (msg.inReplyTo() != null) {
      frame.put("in_reply_to", msg.inReplyTo());
    }
  }

  private static void state(ObjectNode frame, ClientMessage.State state) {
    frame.put("type", state.statement().type());
    frame.setAll(state.statement().frame());
    if (state.scheme() instanceof Scheme.Bound bound) {
      frame.put("scheme", Scheme.BOUND);
      if (state.key() != null) {
        frame.put("key", state.key().base64());
      }
      frame.put("origin", bound.origin()).put("ts", bound.ts()).put("nonce", bound.nonce());
    }
    frame.put("sig", state.signature());
  }

  /// What an existing client signs to prove its key: `AGENTCHAT_AUTH|nonce|challenge_id|timestamp`.
  public static String proofText(String nonce, String challengeId, JsonNumber timestamp) {
    return String.join("|", "AGENTCHAT_AUTH", nonce, challengeId, timestamp.text());
  }

  /// Signs a chat message so that every receiver can check it.
  public static ClientMessage.Msg signed(
      Identity identity, String to, String content, long ts, @Nullable String inReplyTo) {
    JsonNumber time = JsonNumber.of(ts);
    String signature = identity.sign(MessageSignature.bytes(to, content, time)).base64();
    return new ClientMessage.Msg(to, content, signature, time, inReplyTo);
  }
}
