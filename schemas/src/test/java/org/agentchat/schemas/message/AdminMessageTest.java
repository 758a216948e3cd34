package org.agentchat.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminMessageTest {
  private static final Identity ALICE = Identity.ofSeed("alice", new byte[32], Instant.EPOCH);

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "{'type':'ADMIN_APPROVE','admin_key':'k'} ! Missing or invalid pubkey",
        "{'type':'ADMIN_APPROVE','pubkey':'x','admin_key':'k'} ! Missing or invalid pubkey",
        "{'type':'ADMIN_APPROVE','pubkey':5,'admin_key':'k'} ! Missing or invalid pubkey",
        "{'type':'ADMIN_REVOKE','admin_key':'k'} ! Missing pubkey or agent_id",
        "{'type':'ADMIN_REVOKE','agent_id':'a b','admin_key':'k'} ! Missing pubkey or agent_id",
        "{'type':'ADMIN_LIST','admin_key':''} ! Missing admin_key",
        "{'type':'ADMIN_LIST','admin_key':{}} ! Missing admin_key",
        "{'type':'ADMIN_KICK','admin_key':'k'} ! Missing or invalid agent_id",
        "{'type':'ADMIN_KICK','agent_id':'@','admin_key':'k'} ! Missing or invalid agent_id",
        "{'type':'ADMIN_KICK','agent_id':'a','admin_key':1} ! Missing admin_key",
        "{'type':'ADMIN_KICK','agent_id':'a','admin_key':'k','reason':1} ! reason must be a string",
        "{'type':'ADMIN_BAN','agent_id':7,'admin_key':'k'} ! Missing or invalid agent_id",
        "{'type':'ADMIN_UNBAN','admin_key':'k'} ! Missing or invalid agent_id",
        "{'type':'ADMIN_MOTD','admin_key':'k','motd':1} ! motd must be a string or null",
        "{'type':'ADMIN_MOTD','admin_key':[],'motd':1} ! Missing admin_key",
        "{'type':'ADMIN_MOTD','admin_key':'k','kick':'yes'} ! kick must be a boolean",
        "{'type':'ADMIN_VERIFY','admin_key':'k','verified':true} ! Missing agent_id",
        "{'type':'ADMIN_VERIFY','agent_id':'a','admin_key':'k'} ! verified must be a boolean",
        "{'type':'ADMIN_VERIFY','agent_id':'a','verified':1} ! verified must be a boolean",
        "{'type':'ADMIN_OPEN_WINDOW','admin_key':'k'} ! Unknown message type: ADMIN_OPEN_WINDOW",
        "{'type':'CAPTCHA_RESPONSE','answer':'x'} ! Missing or invalid captcha_id",
        "{'type':'CAPTCHA_RESPONSE','captcha_id':'x'} ! Missing or invalid answer",
        "{'type':'CAPTCHA_RESPONSE','captcha_id':'x','answer':12} ! Missing or invalid answer"
      })
  void complaintIsTheProtocols(String frame, String complaint) {
    assertThat(ClientMessageCodec.decode(frame.replace('\'', '"')))
        .isEqualTo(new ClientFrame.Invalid(complaint, null));
  }

  @Test
  void textsAreBounded() {
    assertThat(decode("ADMIN_KICK", "'agent_id':'a','reason':'" + "x".repeat(501) + "'"))
        .isEqualTo(new ClientFrame.Invalid("reason too long (max 500 chars)", null));
    assertThat(decode("ADMIN_MOTD", "'motd':'" + "x".repeat(4_001) + "'"))
        .isEqualTo(new ClientFrame.Invalid("motd too long (max 4000 chars)", null));
  }

  @Test
  void privateKeyIsNoKeyToApprove() {
    String pem = "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n";
    assertThat(decode("ADMIN_APPROVE", "'pubkey':'" + pem + "'"))
        .isEqualTo(new ClientFrame.Invalid("Missing or invalid pubkey", null));
  }

  @Test
  void agentIsNamedWithOrWithoutItsSign() {
    assertThat(decode("ADMIN_UNBAN", "'agent_id':'@deadbeefdeadbeef'"))
        .isEqualTo(decode("ADMIN_UNBAN", "'agent_id':'deadbeefdeadbeef'"));
  }

  @Test
  void emptyMessageOfTheDayIsNone() {
    assertThat(decode("ADMIN_MOTD", "'motd':''"))
        .isEqualTo(new ClientFrame.Accepted(new AdminMessage.SetMotd(null, null, null), null));
  }

  @Test
  void revocationByKeyMeansItsCanonicalAgent() {
    String pem = Json.text(ALICE.key().pem().replace("\n", "\r\n"));
    assertThat(ClientMessageCodec.decode("{\"type\":\"ADMIN_REVOKE\",\"pubkey\":" + pem + "}"))
        .isInstanceOfSatisfying(
            ClientFrame.Accepted.class,
            frame ->
                assertThat(((AdminMessage.Revoke) frame.message()).agent()).isEqualTo(ALICE.id()));
  }

  @Test
  void adminKeyIsNotInAnyText() {
    AdminKey key = AdminKey.of("hunter2");
    assertThat(new AdminMessage.ListApproved(key).toString()).doesNotContain("hunter2");
    assertThat(key.matches(AdminKey.of("hunter2"))).isTrue();
    assertThat(key.matches(AdminKey.of("hunter3"))).isFalse();
    assertThat(key.matches(AdminKey.of("hunter"))).isFalse();
  }

  private static ClientFrame decode(String type, String fields) {
    return ClientMessageCodec.decode(
        "{\"type\":\"" + type + "\"," + fields.replace('\'', '"') + "}");
  }
}
