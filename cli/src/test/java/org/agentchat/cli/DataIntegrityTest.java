package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The published vector of "Data Integrity EdDSA Cryptosuites 1.0" for `eddsa-jcs-2022`.
class DataIntegrityTest {
  /// Its key pair, without the multicodec prefix of
  /// `z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq`.
  private static final Identity SIGNER =
      Identity.ofSeed(
          "vector",
          HexFormat.of()
              .parseHex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6"),
          Instant.EPOCH);

  private static final String KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

  private static final String CREDENTIAL =
      """
      {
        "@context": [
          "https://www.w3.org/ns/credentials/v2",
          "https://www.w3.org/ns/credentials/examples/v2"
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {
          "id": "did:example:abcdefgh",
          "alumniOf": "The School of Examples"
        }
      }
      """;

  private static ObjectNode signed() {
    return DataIntegrity.signed(
        (ObjectNode) Json.parse(CREDENTIAL),
        SIGNER,
        "https://vc.example/issuers/5678#" + KEY,
        "2023-02-24T23:36:38Z");
  }

  @Test
  void publishedCredentialIsSignedAlike() {
    assertThat(signed().path("proof").path("proofValue").stringValue())
        .isEqualTo(
            "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4");
    assertThat(signed().path("proof").path("@context")).isEqualTo(signed().path("@context"));
  }

  @Test
  void keyIsAMultikeyAndADid() {
    assertThat(Multibase.of(SIGNER.key())).isEqualTo(KEY);
    assertThat(Multibase.did(SIGNER.key())).isEqualTo("did:key:" + KEY);
  }

  @Test
  void leadingZerosAreDigitsToo() {
    assertThat(Multibase.of(new byte[] {0, 0, 1})).isEqualTo("z112");
    assertThat(Multibase.of(new byte[0])).isEqualTo("z");
  }
}
