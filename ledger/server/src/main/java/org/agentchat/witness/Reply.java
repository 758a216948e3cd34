package org.agentchat.witness;

import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.NoteSignature;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.TreeHead;

/// An answer as HTTP has it (C2SP tlog-witness, "add-checkpoint").
///
/// @param allowed methods, for the status 405 only
record Reply(int status, String type, String body, String allowed) {
  /// Of a body that is a tree's size.
  static final String SIZE_TYPE = "text/x.tlog.size";

  private static final String TEXT_TYPE = "text/plain; charset=utf-8";
  private static final String JSON_TYPE = "application/json";

  private record Health(String status, int logs) {}

  static Reply of(WitnessAnswer answer) {
    return switch (answer) {
      case WitnessAnswer.Cosigned(NoteSignature signature) ->
          new Reply(StatusCodes.OK, TEXT_TYPE, signature.line(), "");
      case WitnessAnswer.Malformed(String why) -> text(StatusCodes.BAD_REQUEST, why);
      case WitnessAnswer.UnknownOrigin(String origin) ->
          text(StatusCodes.NOT_FOUND, "not a log of this witness: " + origin);
      case WitnessAnswer.NotSigned(String origin) ->
          text(StatusCodes.FORBIDDEN, "no valid signature by a key that is trusted for " + origin);
      case WitnessAnswer.OtherSize(long size) -> size(size);
      case WitnessAnswer.OtherRoot(long size) -> size(size);
      case WitnessAnswer.NotConsistent(long size) ->
          text(
              StatusCodes.UNPROCESSABLE_ENTITY,
              "the proof does not show that it grew from the tree of " + size);
    };
  }

  /// The specification asks for this body when the old size is another one. When the root is
  /// another one it leaves the body open, and the same body, with the size that was sent, says so.
  private static Reply size(long size) {
    return new Reply(StatusCodes.CONFLICT, SIZE_TYPE, size + "\n", "");
  }

  static Reply text(int status, String sentence) {
    return new Reply(status, TEXT_TYPE, sentence + "\n", "");
  }

  static Reply notAllowed(String allowed) {
    return new Reply(
        StatusCodes.METHOD_NOT_ALLOWED, TEXT_TYPE, "only " + allowed + " here\n", allowed);
  }

  static Reply tooLarge() {
    return text(
        StatusCodes.REQUEST_ENTITY_TOO_LARGE,
        "a body of at most " + AddCheckpoint.MAX_BYTES + " bytes wanted");
  }

  static Reply busy(String sentence) {
    return text(StatusCodes.SERVICE_UNAVAILABLE, sentence);
  }

  static Reply health(Map<String, TreeHead> heads) {
    return new Reply(StatusCodes.OK, JSON_TYPE, Json.text(new Health("ok", heads.size())), "");
  }

  static Reply page(NoteSigner signer, Map<String, TreeHead> heads) {
    StringBuilder page = new StringBuilder("Witness ").append(signer.name()).append('\n');
    page.append(signer.witnessKey()).append("\n\nIt cosigns these logs (C2SP tlog-witness):\n");
    heads.forEach((origin, head) ->
        page.append("%s, size %d, root %s\n".formatted(origin, head.size(), head.root())));
    return new Reply(StatusCodes.OK, TEXT_TYPE, page.toString(), "");
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
