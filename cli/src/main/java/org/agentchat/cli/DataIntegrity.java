package org.agentchat.cli;

import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Signs JSON documents with the W3C cryptosuite `eddsa-jcs-2022` (Data Integrity EdDSA
/// Cryptosuites 1.0, section 3.3).
final class DataIntegrity {
  private DataIntegrity() {}

  /// The document with a proof.
  ///
  /// @param method the verification method that names the signer's key
  /// @param created ISO 8601 in UTC
  static ObjectNode signed(ObjectNode document, Identity signer, String method, String created) {
    ObjectNode proof = JsonNodeFactory.instance.objectNode();
    proof.put("type", "DataIntegrityProof");
    proof.put("cryptosuite", "eddsa-jcs-2022");
    proof.put("created", created);
    proof.put("verificationMethod", method);
    proof.put("proofPurpose", "assertionMethod");
    if (document.has("@context")) {
      proof.set("@context", document.path("@context"));
    }
    byte[] config = Sha256.of(Json.canonical(proof));
    byte[] content = Sha256.of(Json.canonical(document));
    byte[] both = new byte[2 * Sha256.BYTES];
    System.arraycopy(config, 0, both, 0, Sha256.BYTES);
    System.arraycopy(content, 0, both, Sha256.BYTES, Sha256.BYTES);
    proof.put("proofValue", Multibase.of(signer.sign(both).raw()));
    ObjectNode signed = document.deepCopy();
    signed.set("proof", proof);
    return signed;
  }
}
