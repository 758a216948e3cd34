package org.agentchat.schemas.statement;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// What an agent commits to with its signature. Each kind knows its fields, its wire name and the
/// text that `agentchat/1` signs.
///
/// Reading follows the protocol's order of checks and its words (protocol.md sections 2 and 10).
public sealed interface Statement
    permits Statement.Proposal,
        Statement.Accept,
        Statement.Reject,
        Statement.Complete,
        Statement.Dispute,
        RegisterSkills,
        CourtStatement,
        KeyStatement,
        EscrowStatement,
        DeploymentStatement {
  /// Longest identifier of a proposal or a dispute that is looked at, in characters.
  int MAX_ID_CHARS = 128;

  /// Longest name of a capability, in characters: it stays in the ledger for ever.
  int MAX_CAPABILITY_CHARS = 64;

  /// Longest time that an offer may stay open: 30 days, in seconds.
  double MAX_EXPIRES_SECONDS = 2_592_000;

  /// Longest free text of a statement, in characters: open deals are in everybody's memory, so
  /// longer texts belong elsewhere, and their hash here.
  int MAX_TEXT_CHARS = 8_192;

  /// The wire name, for example `PROPOSAL`.
  String type();

  /// The fields in alphabetical order, `type` among them, absent ones left out.
  ObjectNode json();

  /// The fields as a client's frame carries them: as [#json], but a list is a list.
  default ObjectNode frame() {
    return json();
  }

  /// The text that `agentchat/1` signs: fields joined with `|`, absent and zero ones empty.
  ///
  /// @throws InvalidStatementException if `agentchat/1` cannot carry the statement unambiguously
  String joined();

  /// Every text that a client in the wild signs for this statement: [#joined] first.
  default List<String> joinedForms() {
    return List.of(joined());
  }

  /// Work offered to another agent.
  ///
  /// @param to whom, `@id`
  /// @param task what is to be done, free text
  /// @param amount what it pays, in units of `currency`
  /// @param expires seconds from the log's time of this statement until the offer lapses; absent or
  ///   zero: the ledger's longest
  /// @param eloStake rating points that the proposer puts at risk
  /// @param capability the skill whose rating the deal moves
  /// @param escrow the money that the proposer locks before the deal starts; `agentchat/2` only
  record Proposal(
      AgentId to,
      String task,
      @Nullable JsonNumber amount,
      @Nullable String currency,
      @Nullable String paymentCode,
      @Nullable String terms,
      @Nullable JsonNumber expires,
      @Nullable Integer eloStake,
      @Nullable String capability,
      @Nullable EscrowTerms escrow)
      implements Statement {
    /// Without an escrow.
    public Proposal(
        AgentId to,
        String task,
        @Nullable JsonNumber amount,
        @Nullable String currency,
        @Nullable String paymentCode,
        @Nullable String terms,
        @Nullable JsonNumber expires,
        @Nullable Integer eloStake,
        @Nullable String capability) {
      this(to, task, amount, currency, paymentCode, terms, expires, eloStake, capability, null);
    }

    @Override
    public String type() {
      return "PROPOSAL";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, "amount", amount);
      put(json, "capability", capability);
      put(json, "currency", currency);
      put(json, "elo_stake", eloStake);
      if (escrow != null) {
        json.set("escrow", escrow.json());
      }
      put(json, "expires", expires);
      put(json, "payment_code", paymentCode);
      put(json, "task", task);
      put(json, "terms", terms);
      put(json, "to", to.toString());
      return json.put("type", type());
    }

    @Override
    public String joined() {
      if (escrow != null) {
        throw new InvalidStatementException("escrow must be signed under " + Scheme.BOUND);
      }
      unjoinable("currency", currency);
      unjoinable("payment_code", paymentCode);
      return String.join(
          "|",
          to.toString(),
          task,
          orEmpty(amount),
          orEmpty(currency),
          orEmpty(paymentCode),
          orEmpty(expires),
          orEmpty(eloStake));
    }

    /// The amount as the rating rules see it: 0 when none was named.
    public double weight() {
      return amount == null ? 0 : amount.value();
    }

    /// The proposer's stake: 0 when none was named.
    public int stake() {
      return eloStake == null ? 0 : eloStake;
    }
  }

  /// The offer is taken.
  ///
  /// @param eloStake rating points that the acceptor puts at risk
  record Accept(String proposalId, @Nullable String paymentCode, @Nullable Integer eloStake)
      implements Statement {

    @Override
    public String type() {
      return "ACCEPT";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, "elo_stake", eloStake);
      put(json, "payment_code", paymentCode);
      put(json, "proposal_id", proposalId);
      return json.put("type", type());
    }

    @Override
    public String joined() {
      unjoinable("payment_code", paymentCode);
      return String.join("|", type(), proposalId, orEmpty(paymentCode), orEmpty(eloStake));
    }

    /// The acceptor's stake: 0 when none was named.
    public int stake() {
      return eloStake == null ? 0 : eloStake;
    }
  }

  /// The offer is declined.
  record Reject(String proposalId, @Nullable String reason) implements Statement {
    @Override
    public String type() {
      return "REJECT";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, "proposal_id", proposalId);
      put(json, "reason", reason);
      return json.put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), proposalId, orEmpty(reason));
    }
  }

  /// The work is done.
  ///
  /// @param proof what shows it, free text
  record Complete(String proposalId, @Nullable String proof) implements Statement {
    @Override
    public String type() {
      return "COMPLETE";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, "proof", proof);
      put(json, "proposal_id", proposalId);
      return json.put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), proposalId, orEmpty(proof));
    }
  }

  /// The other side is at fault.
  record Dispute(String proposalId, String reason) implements Statement {
    @Override
    public String type() {
      return "DISPUTE";
    }

    @Override
    public ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      put(json, "proposal_id", proposalId);
      put(json, "reason", reason);
      return json.put("type", type());
    }

    @Override
    public String joined() {
      return String.join("|", type(), proposalId, reason);
    }
  }

  /// The wire names of every kind, in the order of a deal.
  List<String> TYPES =
      List.of(
          "PROPOSAL",
          "ACCEPT",
          "REJECT",
          "COMPLETE",
          "DISPUTE",
          "REGISTER_SKILLS",
          "DISPUTE_INTENT",
          "DISPUTE_REVEAL",
          "EVIDENCE",
          "ARBITER_ACCEPT",
          "ARBITER_DECLINE",
          "ARBITER_VOTE",
          "ROTATE_KEY",
          "REVOKE_KEY",
          "WALLET_BIND",
          "ESCROW_LOCKED",
          "ESCROW_SETTLED",
          "ESCROW_REFUNDED",
          "DEPLOYMENT_RUNNING",
          "DEPLOYMENT_CLOSED",
          "DEPLOYMENT_FAILED");

  /// The field names of a kind, `type` left out, in alphabetical order.
  static List<String> fieldNames(String type) {
    return switch (type) {
      case "PROPOSAL" ->
          List.of(
              "amount",
              "capability",
              "currency",
              "elo_stake",
              "escrow",
              "expires",
              "payment_code",
              "task",
              "terms",
              "to");
      case "ACCEPT" -> List.of("elo_stake", "payment_code", "proposal_id");
      case "REJECT" -> List.of("proposal_id", "reason");
      case "COMPLETE" -> List.of("proof", "proposal_id");
      case "DISPUTE" -> List.of("proposal_id", "reason");
      case "REGISTER_SKILLS" -> List.of("skills");
      case "DISPUTE_INTENT" -> List.of("commitment", "proposal_id", "reason");
      case "DISPUTE_REVEAL" -> List.of("nonce", "proposal_id");
      case "EVIDENCE" -> List.of("dispute_id", "items", "statement");
      case "ARBITER_ACCEPT" -> List.of("dispute_id");
      case "ARBITER_DECLINE" -> List.of("dispute_id", "reason");
      case "ARBITER_VOTE" -> List.of("dispute_id", "reasoning", "verdict");
      case "ROTATE_KEY" -> List.of("new_key", "new_signature");
      case "REVOKE_KEY" -> List.of("reason");
      case "WALLET_BIND" -> List.of("account", "escrow", "evm_signature", "nonce", "not_after");
      case "ESCROW_LOCKED", "ESCROW_REFUNDED" ->
          List.of(
              "block_hash", "block_number", "chain", "contract", "escrow_id", "proposal_id", "tx");
      case "ESCROW_SETTLED" ->
          List.of(
              "block_hash",
              "block_number",
              "chain",
              "contract",
              "escrow_id",
              "how",
              "proposal_id",
              "to_payee",
              "to_payer",
              "tx");
      case "DEPLOYMENT_RUNNING" -> List.of("lease", "network", "proposal_id", "until", "uris");
      case "DEPLOYMENT_CLOSED", "DEPLOYMENT_FAILED" ->
          List.of("network", "paid", "proposal_id", "reason");
      default -> throw new IllegalArgumentException("no statement is called " + type);
    };
  }

  /// Reads the fields of a client's frame of the given kind; other fields of the object are not
  /// looked at. Empty when no statement has that name.
  ///
  /// @param signed whether a signature came with it, which the protocol checks midway
  /// @throws InvalidStatementException in the protocol's words, first complaint first
  static Optional<Statement> read(String type, JsonNode frame, boolean signed) {
    return new StatementReader(StatementFields.ofFrame(frame, signed)).read(type);
  }

  /// Reads what [#json] wrote.
  ///
  /// @throws InvalidStatementException if a field has another shape
  static Optional<Statement> readLogged(String type, JsonNode json) {
    return new StatementReader(StatementFields.ofLog(json)).read(type);
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Integer value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable JsonNumber value) {
    if (value != null) {
      json.putRawValue(name, new RawValue(value.text()));
    }
  }

  /// With one free-text field at most, the joined text parses one way only.
  private static void unjoinable(String name, @Nullable String value) {
    if (value != null && value.indexOf('|') >= 0) {
      throw new InvalidStatementException(name + " must not contain |");
    }
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String orEmpty(@Nullable Integer value) {
    return value == null || value == 0 ? "" : value.toString();
  }

  private static String orEmpty(@Nullable JsonNumber value) {
    return value == null || value.value() == 0 ? "" : value.text();
  }
}
