package org.agentchat.schemas.statement;

import java.util.List;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What parties and arbiters say in an Agentcourt case (protocol.md section 12).
public sealed interface CourtStatement extends Statement {
  /// Longest list of evidence items, in characters of its JSON.
  int MAX_ITEMS_CHARS = 16_384;

  /// One side asks for a panel.
  ///
  /// @param commitment hexadecimal SHA-256 of a nonce that the same side reveals later
  record DisputeIntent(String proposalId, String reason, String commitment)
      implements CourtStatement {
    @Override
    public String type() {
      return "DISPUTE_INTENT";
    }

    @Override
    public ObjectNode json() {
      return object()
          .put("commitment", commitment)
          .put("proposal_id", proposalId)
          .put("reason", reason)
          .put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), proposalId, reason, commitment);
    }
  }

  /// The nonce that was committed to.
  record DisputeReveal(String proposalId, String nonce) implements CourtStatement {
    @Override
    public String type() {
      return "DISPUTE_REVEAL";
    }

    @Override
    public ObjectNode json() {
      return object().put("nonce", nonce).put("proposal_id", proposalId).put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), proposalId, nonce);
    }
  }

  /// What one side has to say and to show.
  ///
  /// @param items an array of any JSON values, as its author wrote it. In the log and under a
  ///   signature it is this text, in a frame the array
  /// @param statement free text; `agentchat/1` does not sign it
  record Evidence(String disputeId, JsonText items, String statement) implements CourtStatement {
    @Override
    public String type() {
      return "EVIDENCE";
    }

    @Override
    public ObjectNode json() {
      return object()
          .put("dispute_id", disputeId)
          .put("items", items.text())
          .put("statement", statement)
          .put("type", type());
    }

    @Override
    public ObjectNode frame() {
      ObjectNode frame = json();
      frame.set("items", items.value());
      return frame;
    }

    @Override
    public String joined() {
      return String.join("|", type(), disputeId, Sha256.hex(items.text()));
    }

    /// How many items there are.
    public int itemCount() {
      return items.value().size();
    }

    /// The items, each with `hash`: the hexadecimal SHA-256 of `JSON.stringify(item,
    /// Object.keys(item).sort())`, which leaves out of nested objects what is not also a key of the
    /// item. An item that is no object becomes the `value` of one.
    public ArrayNode hashedItems() {
      ArrayNode hashed = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : items.value()) {
        List<String> keys = item.propertyNames().stream().sorted().toList();
        ObjectNode copy = item.isObject() ? item.deepCopy().asObject() : object();
        if (!item.isObject()) {
          copy.set("value", item);
        }
        hashed.add(copy.put("hash", Sha256.hex(JsonText.stringify(item, keys))));
      }
      return hashed;
    }
  }

  /// An agent takes its seat on the panel.
  record ArbiterAccept(String disputeId) implements CourtStatement {
    @Override
    public String type() {
      return "ARBITER_ACCEPT";
    }

    @Override
    public ObjectNode json() {
      return object().put("dispute_id", disputeId).put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), disputeId);
    }
  }

  /// An agent gives its seat away.
  record ArbiterDecline(String disputeId, @Nullable String reason) implements CourtStatement {
    @Override
    public String type() {
      return "ARBITER_DECLINE";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = object().put("dispute_id", disputeId);
      if (reason != null) {
        json.put("reason", reason);
      }
      return json.put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), disputeId, reason == null ? "" : reason);
    }
  }

  /// An arbiter's vote.
  ///
  /// @param reasoning free text; `agentchat/1` does not sign it
  record ArbiterVote(String disputeId, Verdict verdict, String reasoning)
      implements CourtStatement {
    @Override
    public String type() {
      return "ARBITER_VOTE";
    }

    @Override
    public ObjectNode json() {
      return object()
          .put("dispute_id", disputeId)
          .put("reasoning", reasoning)
          .put("type", type())
          .put("verdict", verdict.word());
    }

    @Override
    public String joined() {
      return String.join("|", "VOTE", disputeId, verdict.word());
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
