package org.agentchat.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Records and notices as existing tools write them; the first is one that they wrote.
final class KeyRecordTest {
  private static final Instant NOW = Instant.parse("2026-11-21T01:39:20.500Z");
  private static final Ed25519Verifier VERIFIER = new Ed25519Verifier();

  private static final String CAPTURED =
      """
      {
        "type": "REVOCATION",
        "pubkey": "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEA6WlhqRCoK6kl00YQ2hMsVytTCjbEUvMfsWgkTaS668s=\\n-----END PUBLIC KEY-----\\n",
        "agent_id": "06f009433ed638c0",
        "fingerprint": "06f009433ed638c0",
        "reason": "key leaked",
        "timestamp": "2026-11-21T01:39:21.690Z",
        "signature": "+lAoYy50t691fKvnMs8ayfGyVMh/uNArqBxrlHUyHzc3XF6rlnUWhc9vJWHXFRAtQF0bMKjqhhzEKYQM8ZmwDQ==",
        "rotations": [
          {
            "old_pubkey": "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAtcXdkMe8VffkmaBtznEukLzxdjnpk7c971D9ckmKzkg=\\n-----END PUBLIC KEY-----\\n",
            "old_agent_id": "bba98bb1753383a0",
            "new_pubkey": "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEA6WlhqRCoK6kl00YQ2hMsVytTCjbEUvMfsWgkTaS668s=\\n-----END PUBLIC KEY-----\\n",
            "new_agent_id": "06f009433ed638c0",
            "signature": "IR4lG/Wx6QDJ+nV1fnIOq3JhiHmLr88wKelE4g+NxLU7B5JBjbMDXekCAMoZSKsc4qUh7nBQYSDHBlAe8SeyBQ==",
            "timestamp": "2026-11-21T01:39:20.501Z"
          }
        ],
        "original_agent_id": "bba98bb1753383a0"
      }
      """;

  private final Identity first =
      Identity.generate("alice", new SecureRandom(), Instant.parse("2026-11-20T00:00:00Z"));

  @Test
  void noticeOfAnExistingToolIsValid() {
    assertThat(new RevocationNotice(Json.parse(CAPTURED)).flaw(VERIFIER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/type",
        "/pubkey",
        "/agent_id",
        "/fingerprint",
        "/reason",
        "/timestamp",
        "/signature",
        "/original_agent_id",
        "/rotations/0/old_pubkey",
        "/rotations/0/old_agent_id",
        "/rotations/0/new_pubkey",
        "/rotations/0/new_agent_id",
        "/rotations/0/signature",
        "/rotations/0/timestamp"
      })
  void alteredNoticeIsNot(String pointer) {
    ObjectNode notice = (ObjectNode) Json.parse(CAPTURED);
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = (ObjectNode) notice.at(pointer.substring(0, slash));
    String field = pointer.substring(slash + 1);
    String value = parent.path(field).stringValue();
    parent.put(field, value.replaceFirst("[a-zA-Z]", "x"));

    assertThat(new RevocationNotice(notice).flaw(VERIFIER)).as(pointer).isPresent();
  }

  @Test
  void keysThatFollowEachOtherMakeAChain() {
    Identity second = first.successor(new SecureRandom(), NOW);
    Identity third = second.successor(new SecureRandom(), NOW);

    assertThat(KeyRecord.flaw(first.rotations(), first.key(), VERIFIER)).isEmpty();
    assertThat(KeyRecord.flaw(third.rotations(), third.key(), VERIFIER)).isEmpty();
    assertThat(third.name()).isEqualTo("alice");
    assertThat(third.created()).isEqualTo(first.created());
    JsonNode record = third.rotations().getFirst();
    assertThat(record.propertyNames())
        .containsExactly(
            "old_pubkey", "old_agent_id", "new_pubkey", "new_agent_id", "signature", "timestamp");
    assertThat(record.path("timestamp").stringValue()).isEqualTo("2026-11-21T01:39:20.500Z");
    assertThat(Identity.ofJson(third.json()).rotations()).isEqualTo(third.rotations());
  }

  @Test
  void chainThatIsCutOrReorderedOrAnotherKeysIsNone() {
    Identity second = first.successor(new SecureRandom(), NOW);
    Identity third = second.successor(new SecureRandom(), NOW);
    Identity fourth = third.successor(new SecureRandom(), NOW);
    List<JsonNode> whole = fourth.rotations();

    assertThat(KeyRecord.flaw(whole, third.key(), VERIFIER))
        .contains(
            "The last rotation leads to %s, the key is that of %s"
                .formatted(fourth.id(), third.id()));
    assertThat(KeyRecord.flaw(List.of(whole.get(0), whole.get(2)), fourth.key(), VERIFIER))
        .contains("Rotation 2: it follows %s, not %s".formatted(third.id(), second.id()));
    assertThat(KeyRecord.flaw(List.of(Json.parse("null")), first.key(), VERIFIER)).isPresent();
  }

  @Test
  void ownNoticeIsValidAndNamesTheFirstKey() {
    Identity second = first.successor(new SecureRandom(), NOW);
    RevocationNotice notice = RevocationNotice.of(second, "key \"leaked\" \u2028", NOW);

    assertThat(notice.flaw(VERIFIER)).isEmpty();
    assertThat(notice.json().propertyNames())
        .containsExactly(
            "type",
            "pubkey",
            "agent_id",
            "fingerprint",
            "reason",
            "timestamp",
            "signature",
            "rotations",
            "original_agent_id");
    assertThat(notice.json().path("original_agent_id").stringValue()).isEqualTo(first.id().name());
    assertThat(RevocationNotice.of(first, "x", NOW).json().has("rotations")).isFalse();
  }
}
