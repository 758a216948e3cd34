package org.agentchat.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.receipt.ReceiptFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A receipt as a W3C Verifiable Credential 2.0: one party says of the other what they did
/// together, and the receipt file inside shows it to whoever does not believe the issuer.
final class Credential {
  private static final String VOCABULARY = "urn:agentchat:credential#";

  private Credential() {}

  /// The parties' keys, as the proposal's entry has them.
  private record Parties(AgentKey from, AgentKey to) {
    static Parties of(Receipt receipt) throws MalformedEventException {
      byte[] proposal = receipt.legs().getFirst().event().getBytes(StandardCharsets.UTF_8);
      if (EventCodec.decode(proposal) instanceof Event.Stated stated) {
        AgentKey to = stated.recipient();
        if (to != null) {
          return new Parties(stated.signed().key(), to);
        }
      }
      throw new MalformedEventException("the first leg is no proposal to anybody");
    }
  }

  /// The credential, issued by one party about the other.
  ///
  /// @throws CommandFailure if the signer is no party to the deal
  static String of(String file, Identity issuer) {
    try {
      Receipt receipt = ReceiptFile.parse(file.getBytes(StandardCharsets.UTF_8)).receipt();
      Parties parties = Parties.of(receipt);
      if (!issuer.key().equals(parties.from()) && !issuer.key().equals(parties.to())) {
        throw new CommandFailure(
            "NOT_PARTY",
            Exit.FAILED,
            issuer.id() + " is no party to " + receipt.proposalId() + ", so it can attest nothing");
      }
      AgentKey other = issuer.key().equals(parties.from()) ? parties.to() : parties.from();
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      String did = Multibase.did(issuer.key());
      String method = did + "#" + Multibase.of(issuer.key());
      ObjectNode document = document(receipt, Json.parse(file), did, Multibase.did(other));
      return Json.pretty(DataIntegrity.signed(document, issuer, method, now.toString())) + "\n";
    } catch (MalformedReceiptException | MalformedEventException e) {
      throw new CommandFailure(
          "RECEIPT", Exit.FAILED, "The ledger's receipt file is broken: " + e.getMessage(), e);
    }
  }

  private static ObjectNode document(
      Receipt receipt, JsonNode file, String issuer, String subject) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ObjectNode terms =
        document.putArray("@context").add("https://www.w3.org/ns/credentials/v2").addObject();
    terms.put("AgentChatReceiptCredential", VOCABULARY + "AgentChatReceiptCredential");
    terms.putObject("receiptFile").put("@id", VOCABULARY + "receiptFile").put("@type", "@json");
    terms.put("outcome", VOCABULARY + "outcome");
    document.putArray("type").add("VerifiableCredential").add("AgentChatReceiptCredential");
    document.put("issuer", issuer);
    document.put("validFrom", IsoTime.of(receipt.ts()));
    ObjectNode about = document.putObject("credentialSubject");
    about.put("id", subject).put("outcome", receipt.status());
    about.set("receiptFile", file);
    return document;
  }
}
