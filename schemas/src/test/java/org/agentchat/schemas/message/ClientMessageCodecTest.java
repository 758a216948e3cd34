package org.agentchat.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.Vectors.Captured;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageCodecTest {
  /// Each type's checks in the protocol's order: a frame that fails one has passed those above it.
  private static final String CHECKS =
      """
      IDENTIFY {} => Invalid agent name
      IDENTIFY {"name":5} => Invalid agent name
      IDENTIFY {"name":""} => Invalid agent name
      IDENTIFY {"name":"bad name!","pubkey":5} => Invalid agent name
      IDENTIFY {"name":"NAME33"} => Invalid agent name
      IDENTIFY {"name":"ok","pubkey":5} => Invalid public key format (must be Ed25519 PEM)
      IDENTIFY {"name":"ok","pubkey":""} => Invalid public key format (must be Ed25519 PEM)
      IDENTIFY {"name":"ok","pubkey":"x"} => Invalid public key format (must be Ed25519 PEM)
      IDENTIFY {"name":"ok","pubkey":null} => ok
      VERIFY_IDENTITY {} => Missing or invalid challenge_id
      VERIFY_IDENTITY {"challenge_id":5} => Missing or invalid challenge_id
      VERIFY_IDENTITY {"challenge_id":"ID129"} => Missing or invalid challenge_id
      VERIFY_IDENTITY {"challenge_id":"c","signature":"ID129"} => Missing or invalid signature
      VERIFY_IDENTITY {"challenge_id":"c"} => Missing or invalid signature
      VERIFY_IDENTITY {"challenge_id":"c","signature":5} => Missing or invalid signature
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s"} => Missing or invalid timestamp
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":"1"} => Missing or invalid timestamp
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":0} => Missing or invalid timestamp
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":1e-319} => Missing or invalid timestamp
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":1,"scheme":5} => Unknown scheme
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":1,"scheme":"x"} => Unknown scheme: x
      VERIFY_IDENTITY {"challenge_id":"c","signature":"s","timestamp":1} => ok
      JOIN {} => Invalid channel name
      JOIN {"channel":5} => Invalid channel name
      JOIN {"channel":"general"} => Invalid channel name
      JOIN {"channel":"#"} => Invalid channel name
      JOIN {"channel":"#CHANNEL32"} => Invalid channel name
      JOIN {"channel":"#general"} => ok
      LEAVE {"channel":"# "} => Invalid channel name
      LEAVE {"channel":"#a"} => ok
      LIST_AGENTS {"channel":"@a"} => Invalid channel name
      LIST_AGENTS {"channel":"#a"} => ok
      LIST_CHANNELS {} => ok
      PING {} => ok
      MSG {} => Missing target
      MSG {"to":1,"content":"x"} => Missing target
      MSG {"to":"","content":"x"} => Missing target
      MSG {"to":"general","content":5} => Invalid target (must start with # or @)
      MSG {"to":"@ID129","content":5} => Invalid target (max 128 characters)
      MSG {"to":"#general"} => Missing or invalid content
      MSG {"to":"#general","content":5,"sig":5} => Missing or invalid content
      MSG {"to":"#general","content":null} => Missing or invalid content
      MSG {"to":"#general","content":"x","sig":5} => Invalid signature format
      MSG {"to":"#general","content":"x","sig":"s","ts":"5"} => Invalid signature format
      MSG {"to":"#general","content":"x","sig":"ID129"} => Invalid signature format
      MSG {"to":"#general","content":"x","in_reply_to":"ID129"} => in_reply_to too long (max 128 characters)
      MSG {"to":"#general","content":"x","in_reply_to":5} => in_reply_to must be a string
      MSG {"to":"#general","content":"","ts":"ignored"} => ok
      SET_PRESENCE {} => Invalid presence status. Must be one of: online, away, busy, offline, listening
      SET_PRESENCE {"status":5,"status_text":5} => Invalid presence status. Must be one of: online, away, busy, offline, listening
      SET_PRESENCE {"status":"zzz","status_text":5} => Invalid presence status. Must be one of: online, away, busy, offline, listening
      SET_PRESENCE {"status":"busy","status_text":5} => status_text must be a string
      SET_PRESENCE {"status":"busy","status_text":"ID129"} => status_text too long (max 100 chars)
      SET_PRESENCE {"status":"listening","status_text":null} => ok
      SET_NICK {} => Missing or invalid nick
      SET_NICK {"nick":5} => Missing or invalid nick
      SET_NICK {"nick":""} => Missing or invalid nick
      SET_NICK {"nick":"   "} => Nick must be 1-24 characters
      SET_NICK {"nick":"a b c d e f g h i j k l m"} => Nick must be 1-24 characters
      SET_NICK {"nick":"x y"} => Nick must contain only alphanumeric characters, hyphens, and underscores
      SET_NICK {"nick":"аdmin"} => Nick must contain only alphanumeric characters, hyphens, and underscores
      SET_NICK {"nick":" abcdefghijklmnopqrstuvwx "} => ok
      TYPING {} => Invalid channel name
      TYPING {"channel":"@a"} => Invalid channel name
      TYPING {"channel":"#a"} => ok
      RESPONDING_TO {} => Missing or invalid msg_id
      RESPONDING_TO {"msg_id":5,"channel":5} => Missing or invalid msg_id
      RESPONDING_TO {"msg_id":"ID129","channel":5} => Missing or invalid msg_id
      RESPONDING_TO {"msg_id":"m","channel":5} => Missing or invalid channel
      RESPONDING_TO {"msg_id":"m","channel":"general"} => Missing or invalid channel
      RESPONDING_TO {"msg_id":"m","channel":"#a"} => Missing or invalid started_at timestamp
      RESPONDING_TO {"msg_id":"m","channel":"#a","started_at":"1"} => Missing or invalid started_at timestamp
      RESPONDING_TO {"msg_id":"m","channel":"#a","started_at":1} => ok
      CREATE_CHANNEL {"invite_only":5} => Invalid channel name
      CREATE_CHANNEL {"channel":"#a","invite_only":"yes"} => invite_only must be a boolean
      CREATE_CHANNEL {"channel":"#a","verified_only":1} => verified_only must be a boolean
      CREATE_CHANNEL {"channel":"#a","invite_only":null,"verified_only":true} => ok
      INVITE {} => Invalid channel name
      INVITE {"channel":"#a"} => Invalid agent target
      INVITE {"channel":"#a","agent":5} => Invalid agent target
      INVITE {"channel":"#a","agent":"bob"} => Invalid agent target
      INVITE {"channel":"#a","agent":"@bob"} => ok
      FILE_CHUNK {} => Missing target
      FILE_CHUNK {"to":5,"content":"x"} => Missing target
      FILE_CHUNK {"to":"#general","content":"x"} => FILE_CHUNK only supports DM targets (@agent)
      FILE_CHUNK {"to":"@ID129","content":5} => Invalid target (max 128 characters)
      FILE_CHUNK {"to":"@b"} => Missing or invalid content
      FILE_CHUNK {"to":"@b","content":5} => Missing or invalid content
      FILE_CHUNK {"to":"@b","content":"x"} => ok
      VERIFY_REQUEST {} => Missing target agent
      VERIFY_REQUEST {"target":5,"nonce":5} => Missing target agent
      VERIFY_REQUEST {"target":"bob","nonce":5} => Target must be an agent (@id)
      VERIFY_REQUEST {"target":"@bob"} => Missing or invalid nonce
      VERIFY_REQUEST {"target":"@bob","nonce":5} => Missing or invalid nonce
      VERIFY_REQUEST {"target":"@bob","nonce":"0123456789abcde"} => Nonce must be 16-128 characters
      VERIFY_REQUEST {"target":"@bob","nonce":"ID129"} => Nonce must be 16-128 characters
      VERIFY_REQUEST {"target":"@bob","nonce":"0123456789abcdef"} => ok
      VERIFY_RESPONSE {} => Missing request_id
      VERIFY_RESPONSE {"request_id":"ID129"} => Missing request_id
      VERIFY_RESPONSE {"request_id":"r"} => Missing or invalid nonce
      VERIFY_RESPONSE {"request_id":"r","nonce":5,"sig":5} => Missing or invalid nonce
      VERIFY_RESPONSE {"request_id":"r","nonce":"n"} => Missing or invalid signature
      VERIFY_RESPONSE {"request_id":"r","nonce":"n","sig":"ID129"} => Missing or invalid signature
      VERIFY_RESPONSE {"request_id":"r","nonce":"n","sig":"AAAA"} => ok
      PROPOSAL {} => Missing target (to)
      PROPOSAL {"to":1} => Missing target (to)
      PROPOSAL {"to":"bob"} => Proposals must be sent to an agent (@id)
      PROPOSAL {"to":"@"} => Proposals must be sent to an agent (@id)
      PROPOSAL {"to":"@b","expires":"x"} => Missing or invalid task description
      PROPOSAL {"to":"@b","task":5} => Missing or invalid task description
      PROPOSAL {"to":"@b","task":"","sig":"s"} => Missing or invalid task description
      PROPOSAL {"to":"@b","task":"t","expires":"x"} => Proposals must be signed
      PROPOSAL {"to":"@b","task":"t","sig":5} => Proposals must be signed
      PROPOSAL {"to":"@b","task":"t","sig":""} => Proposals must be signed
      PROPOSAL {"to":"@b","task":"t","sig":"s","expires":"x","elo_stake":-1} => expires must be a number (seconds)
      PROPOSAL {"to":"@b","task":"t","sig":"s","expires":-1} => expires must be a number (seconds)
      PROPOSAL {"to":"@b","task":"t","sig":"s","expires":315360001} => expires must be a number (seconds)
      PROPOSAL {"to":"@b","task":"t","sig":"s","elo_stake":-1} => elo_stake must be a non-negative integer
      PROPOSAL {"to":"@b","task":"t","sig":"s","elo_stake":1.5} => elo_stake must be a non-negative integer
      PROPOSAL {"to":"@b","task":"t","sig":"s","elo_stake":2147483648} => elo_stake must be a non-negative integer
      PROPOSAL {"to":"@b","task":"t","sig":"s","elo_stake":"5"} => elo_stake must be a non-negative integer
      PROPOSAL {"to":"@b","task":"t","sig":"s","capability":5} => capability must be a string
      PROPOSAL {"to":"@b","task":"t","sig":"s","capability":"CAPABILITY65"} => capability too long (max 64 chars)
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":"abc"} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":-1} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":1e999999999} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":1e-999999999} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":1e-319} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","amount":9007199254740993} => amount must be a finite non-negative number
      PROPOSAL {"to":"@b","task":"t","sig":"s","currency":5} => currency must be a string
      PROPOSAL {"to":"@b","task":"t","sig":"s","payment_code":[]} => payment_code must be a string
      PROPOSAL {"to":"@b","task":"t","sig":"s","terms":{}} => terms must be a string
      PROPOSAL {"to":"@b","task":"t","sig":"s","scheme":5} => Unknown scheme
      PROPOSAL {"to":"@b","task":"t","sig":"s","currency":"a|b"} => currency must not contain |
      PROPOSAL {"to":"@b","task":"a|b","sig":"s","amount":null,"other":1} => ok
      ACCEPT {} => Missing proposal_id
      ACCEPT {"proposal_id":5} => Missing proposal_id
      ACCEPT {"proposal_id":"a|b"} => Missing proposal_id
      ACCEPT {"proposal_id":"ID129"} => Missing proposal_id
      ACCEPT {"proposal_id":"p","elo_stake":-1} => Accept must be signed
      ACCEPT {"proposal_id":"p","sig":"s","elo_stake":-1} => elo_stake must be a non-negative integer
      ACCEPT {"proposal_id":"p","sig":"s","payment_code":5} => payment_code must be a string
      ACCEPT {"proposal_id":"p","sig":"s","payment_code":"|"} => payment_code must not contain |
      ACCEPT {"proposal_id":"p","sig":"s","elo_stake":5.0} => ok
      REJECT {"sig":"s"} => Missing proposal_id
      REJECT {"proposal_id":"p"} => Reject must be signed
      REJECT {"proposal_id":"p","sig":"s","reason":5} => reason must be a string
      REJECT {"proposal_id":"p","sig":"s"} => ok
      COMPLETE {"sig":"s"} => Missing proposal_id
      COMPLETE {"proposal_id":"p"} => Complete must be signed
      COMPLETE {"proposal_id":"p","sig":"s","proof":5} => proof must be a string
      COMPLETE {"proposal_id":"p","sig":"s","proof":"a|b"} => ok
      DISPUTE {} => Missing proposal_id
      DISPUTE {"proposal_id":"p"} => Missing or invalid dispute reason
      DISPUTE {"proposal_id":"p","reason":5} => Missing or invalid dispute reason
      DISPUTE {"proposal_id":"p","reason":""} => Missing or invalid dispute reason
      DISPUTE {"proposal_id":"p","reason":"r"} => Dispute must be signed
      DISPUTE {"proposal_id":"p","reason":"r","sig":"s"} => ok
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/3"} => Unknown scheme: agentchat/3
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","x":1} => Unknown field: x
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2"} => Missing or invalid origin
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o"} => Missing or invalid ts
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":1.5} => Missing or invalid ts
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":9007199254740993} => Missing or invalid ts
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":1} => Missing or invalid nonce
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":1,"nonce":"0123456789abcdef"} => Missing or invalid key
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":1,"nonce":"0123456789abcdef","key":"x"} => Missing or invalid key
      REJECT {"proposal_id":"p","sig":"s","scheme":"agentchat/2","origin":"o","ts":1,"nonce":"0123456789abcdef","key":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="} => ok
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":5} => escrow: an object wanted
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":{"zz":1}} => escrow: unknown field zz
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":{}} => escrow.amount: base units as a decimal text from 0 to 2^256 - 1, no leading zeros wanted
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":null} => ok
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":ESCROW} => escrow must be signed under agentchat/2
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":ESCROW,BOUND} => ok
      PROPOSAL {"to":"@b","task":"t","sig":"s","escrow":ESCROW,"escrows":1,BOUND} => Unknown field: escrows
      WALLET_BIND {} => Missing or invalid account (CAIP-10, in lower case)
      WALLET_BIND {"account":"eip155:1:0xAB"} => Missing or invalid account (CAIP-10, in lower case)
      WALLET_BIND {"account":"eip155:1:ADDRESS"} => Missing or invalid escrow (0x and 40 lower-case hexadecimal digits)
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS"} => Missing or invalid evm_signature (0x and 1 to 2048 bytes in lower-case hexadecimal)
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa"} => Missing or invalid nonce (64 hexadecimal digits)
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa","nonce":"aa"} => Missing or invalid not_after (seconds since 1970)
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa","nonce":"aa","not_after":5} => A wallet's binding must be signed
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa","nonce":"aa","not_after":5,"sig":"s"} => Missing or invalid nonce (64 hexadecimal digits)
      WALLET_BIND {"account":"eip155:1:0x0000000000000000000000000000000000000000","escrow":"ADDRESS","evm_signature":"0xaa","nonce":"HEX64","not_after":5,"sig":"s"} => account: nobody's wallet, the address is zero
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"0x0000000000000000000000000000000000000000","evm_signature":"0xaa","nonce":"HEX64","not_after":5,"sig":"s"} => escrow: no contract has the address zero
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa","nonce":"HEX64","not_after":5,"sig":"s"} => WALLET_BIND must be signed under agentchat/2
      WALLET_BIND {"account":"eip155:1:ADDRESS","escrow":"ADDRESS","evm_signature":"0xaa","not_after":5,"sig":"s",NONCELESS,"nonce":"HEX64"} => ok
      ESCROW_LOCKED {} => Missing proposal_id
      ESCROW_LOCKED {"proposal_id":"p"} => Missing or invalid escrow_id (0x and 64 lower-case hexadecimal digits)
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64"} => Missing or invalid chain (CAIP-2, eip155 only)
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64","chain":"eip155:1"} => Missing or invalid contract (0x and 40 lower-case hexadecimal digits)
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64","chain":"eip155:1","contract":"ADDRESS"} => Missing or invalid tx (0x and 64 lower-case hexadecimal digits)
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64","chain":"eip155:1","contract":"ADDRESS","tx":"0xHEX64"} => Missing or invalid block_number
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64","chain":"eip155:1","contract":"ADDRESS","tx":"0xHEX64","block_number":9007199254740992} => Missing or invalid block_number
      ESCROW_LOCKED {"proposal_id":"p","escrow_id":"0xHEX64","chain":"eip155:1","contract":"ADDRESS","tx":"0xHEX64","block_number":1} => Missing or invalid block_hash (0x and 64 lower-case hexadecimal digits)
      ESCROW_LOCKED {SEEN} => Escrow observations must be signed
      ESCROW_LOCKED {SEEN,"sig":"s"} => ESCROW_LOCKED must be signed under agentchat/2
      ESCROW_LOCKED {SEEN,"sig":"s",BOUND} => ok
      ESCROW_LOCKED {SEEN,"sig":"s","how":"silent",BOUND} => Unknown field: how
      ESCROW_SETTLED {SEEN} => Missing or invalid to_payee (base units, a decimal text)
      ESCROW_SETTLED {SEEN,"to_payee":"1"} => Missing or invalid to_payer (base units, a decimal text)
      ESCROW_SETTLED {SEEN,"to_payee":"1","to_payer":"0"} => Invalid how (must be released, settled, resolved, or silent)
      ESCROW_SETTLED {SEEN,"to_payee":"1","to_payer":"0","how":"RELEASED"} => Invalid how (must be released, settled, resolved, or silent)
      ESCROW_SETTLED {SEEN,"to_payee":"1","to_payer":"0","how":"released","sig":"s",BOUND} => ok
      ESCROW_REFUNDED {SEEN,"sig":"s",BOUND} => ok
      DEPLOYMENT_RUNNING {} => Missing proposal_id
      DEPLOYMENT_RUNNING {"proposal_id":"p"} => Missing or invalid network (1 to 63 of a-z, 0-9, hyphen)
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2"} => Missing or invalid lease (1 to 20 of owner/dseq/gseq/oseq/provider, one space between)
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE"} => Missing or invalid until (seconds since 1970)
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE","until":-1} => Missing or invalid until (seconds since 1970)
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE","until":1} => Missing uris
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE","until":1,"uris":""} => Deployment observations must be signed
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE","until":1,"uris":"","sig":"s"} => DEPLOYMENT_RUNNING must be signed under agentchat/2
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE","until":1,"uris":"","sig":"s",BOUND} => ok
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE HIRE","until":1,"uris":"a b","sig":"s",BOUND} => ok
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"akashnet-2","lease":"HIRE,HIRE","until":1,"uris":"a b","sig":"s",BOUND} => Missing or invalid lease (1 to 20 of owner/dseq/gseq/oseq/provider, one space between)
      DEPLOYMENT_RUNNING {"proposal_id":"p","network":"Akash","lease":"HIRE","until":1,"uris":"","sig":"s",BOUND} => Missing or invalid network (1 to 63 of a-z, 0-9, hyphen)
      DEPLOYMENT_CLOSED {"proposal_id":"p","network":"akashnet-2"} => Missing or invalid paid (uact)
      DEPLOYMENT_CLOSED {"proposal_id":"p","network":"akashnet-2","paid":1} => Missing reason
      DEPLOYMENT_CLOSED {"proposal_id":"p","network":"akashnet-2","paid":1,"reason":"r","sig":"s",BOUND} => ok
      DEPLOYMENT_CLOSED {"proposal_id":"p","network":"akashnet-2","paid":1,"reason":"r","lease":"HIRE","sig":"s",BOUND} => Unknown field: lease
      DEPLOYMENT_FAILED {"proposal_id":"p","network":"akashnet-2","paid":0,"reason":"r","sig":"s",BOUND} => ok
      NOPE {} => Unknown message type: NOPE
      STATEMENT {} => Unknown message type: STATEMENT
      proposal {} => Unknown message type: proposal
      """;

  private static final String ESCROW =
      "{\"amount\":\"1\",\"arbiter\":\"ADDRESS\",\"chain\":\"eip155:1\",\"contract\":\"CONTRACT\","
          + "\"deadline\":5,\"dispute_period\":5,\"observer\":\"@0123456789abcdef\","
          + "\"operator\":\"ADDRESS\",\"review_period\":5,\"silent_bps\":5,\"token\":\"ADDRESS\"}";

  private static final String SEEN =
      "\"proposal_id\":\"p\",\"escrow_id\":\"0xHEX64\",\"chain\":\"eip155:1\","
          + "\"contract\":\"ADDRESS\",\"tx\":\"0xHEX64\",\"block_number\":1,"
          + "\"block_hash\":\"0xHEX64\"";

  private static final String HIRE =
      "akash1OWNER/1001/1/1/akash1OWNER".replace("OWNER", "q".repeat(38));

  private static final String NONCELESS =
      "\"scheme\":\"agentchat/2\",\"origin\":\"o\",\"ts\":1,"
          + "\"key\":\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"";

  static Stream<List<String>> checks() {
    return CHECKS.lines().map(ClientMessageCodecTest::check);
  }

  private static List<String> check(String line) {
    String type = line.substring(0, line.indexOf(' '));
    String[] sides = line.substring(type.length() + 1).split(" => ", 2);
    String rest = sides[0].equals("{}") ? "}" : "," + sides[0].substring(1);
    String frame =
        ("{\"type\":\"" + type + "\"" + rest)
            .replace("ESCROW}", ESCROW + "}")
            .replace("ESCROW,", ESCROW + ",")
            .replace("SEEN", SEEN)
            .replace("HIRE", HIRE)
            .replace("NONCELESS", NONCELESS)
            .replace("BOUND", NONCELESS + ",\"nonce\":\"0123456789abcdef\"")
            .replace("CONTRACT", "0x" + "c0".repeat(20))
            .replace("ADDRESS", "0x" + "ab".repeat(20))
            .replace("HEX64", "ab".repeat(32))
            .replace("NAME33", "n".repeat(33))
            .replace("CHANNEL32", "c".repeat(32))
            .replace("CAPABILITY65", "c".repeat(65))
            .replace("ID129", "i".repeat(129));
    return List.of(frame, sides[1]);
  }

  @ParameterizedTest
  @MethodSource("checks")
  void checksComeInTheProtocolsOrderWithItsWords(List<String> check) {
    assertThat(complaint(check.getFirst())).isEqualTo(check.getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "not json",
        "{",
        "}",
        "{\"type\":\"PING\",\"type\":\"PING\"}",
        "{\"type\":\"PING\"}x",
        "nul",
        "{\"type\":\"PING\",\"a\":1e99999999999}",
        "{'type':'PING'}",
        "\0",
        "\ud800"
      })
  void textThatIsNotStrictJsonIsInvalid(String text) {
    assertThat(complaint(text)).isEqualTo("Invalid JSON");
  }

  /// The reference died of the first of these.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "5",
        "\"x\"",
        "true",
        "{}",
        "{\"type\":null}",
        "{\"type\":5}",
        "{\"type\":\"\"}",
        "{\"type\":[\"PING\"]}",
        "1e999999999",
        "{\"type\":\"\\ud800\"}",
        "[{\"type\":\"PING\"}]"
      })
  void valueWithoutATypeIsMissingIt(String text) {
    assertThat(complaint(text)).isEqualTo("Missing message type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"MSG\",\"to\":1,\"content\":\"x\"}",
        "{\"type\":\"FILE_CHUNK\",\"to\":1,\"content\":\"x\"}",
        "{\"type\":\"PROPOSAL\",\"to\":1,\"task\":\"x\",\"sig\":\"x\"}",
        "{\"type\":\"INVITE\",\"channel\":\"#x\",\"agent\":1}",
        "{\"type\":\"VERIFY_REQUEST\",\"target\":1,\"nonce\":\"0123456789abcdef\"}",
        "{\"type\":\"REGISTER_SKILLS\",\"skills\":[null],\"sig\":\"x\"}",
        "{\"type\":\"SEARCH_SKILLS\",\"query\":{\"capability\":1,\"currency\":2}}",
      })
  void framesThatKilledTheReferenceAreOnlyInvalid(String text) {
    assertThat(ClientMessageCodec.decode(text)).isInstanceOf(ClientFrame.Invalid.class);
  }

  @Test
  void unpairedSurrogatesAreRefusedWhereTextIsKept() {
    for (String lone : List.of("\\ud800", "\\udc00x", "\ud800", "a\udfff")) {
      assertThat(complaint(frame("MSG", "to", "#a", "content", lone)))
          .isEqualTo("Missing or invalid content");
      assertThat(complaint(frame("PROPOSAL", "to", "@b", "task", lone, "sig", "s")))
          .isEqualTo("Missing or invalid task description");
      assertThat(complaint(frame("DISPUTE", "proposal_id", "p", "reason", lone, "sig", "s")))
          .isEqualTo("Missing or invalid dispute reason");
      assertThat(complaint(frame("REJECT", "proposal_id", "p", "reason", lone, "sig", "s")))
          .isEqualTo("reason must be a string");
    }
  }

  /// What is echoed can be sent, and is not worth an attacker's while.
  @Test
  void complaintsAreShortAndHaveAUtf8Form() {
    String odd =
        "{\"type\":\"REJECT\",\"proposal_id\":\"p\",\"sig\":\"s\",\"scheme\":\"agentchat/2\",\"\\ud800\":1}";
    String longType = frame("X".repeat(100_000));
    String longScheme =
        frame("REJECT", "proposal_id", "p", "sig", "s", "scheme", "x".repeat(100_000));
    String longField =
        frame(
            "REJECT",
            "proposal_id",
            "p",
            "sig",
            "s",
            "scheme",
            "agentchat/2",
            "x".repeat(9_999),
            "");
    for (String text : List.of(odd, longType, longScheme, longField)) {
      String complaint = complaint(text);
      assertThat(Json.isWellFormed(complaint)).isTrue();
      assertThat(complaint).matches("Unknown .*|Invalid JSON").hasSizeLessThan(200);
    }
  }

  @Test
  void sizesHaveLimits() {
    String largest =
        frame("MSG", "to", "#a", "content", "x".repeat(ClientMessageCodec.MAX_FRAME - 40));
    String frame = frame("PING", "x", "y".repeat(ClientMessageCodec.MAX_FRAME));

    assertThat(complaint(largest)).isEqualTo("ok");
    assertThat(complaint(frame))
        .isEqualTo("Message too large (" + frame.length() + " bytes, max 2097152)");
    assertThat(complaint("[".repeat(1_000_000))).isEqualTo("Invalid JSON");
    assertThat(complaint("{\"type\":\"PING\",\"a\":" + "{\"a\":".repeat(50_000)))
        .isEqualTo("Invalid JSON");
    assertThat(complaint("{\"type\":\"PING\",\"a\":" + "9".repeat(1_000_000) + "}"))
        .isEqualTo("Invalid JSON");
  }

  @Test
  void clientMsgIdIsEchoedWhenItIsShortText() {
    assertThat(ClientMessageCodec.decode(frame("PING", "client_msg_id", "m1")).clientMsgId())
        .isEqualTo("m1");
    assertThat(ClientMessageCodec.decode(frame("NOPE", "client_msg_id", "m1")).clientMsgId())
        .isEqualTo("m1");
    assertThat(
            ClientMessageCodec.decode(frame("PING", "client_msg_id", "m".repeat(65))).clientMsgId())
        .isNull();
    assertThat(ClientMessageCodec.decode(frame("PING", "client_msg_id", "\\ud800")).clientMsgId())
        .isNull();
    assertThat(ClientMessageCodec.decode("{\"type\":\"PING\",\"client_msg_id\":5}").clientMsgId())
        .isNull();
  }

  /// What a server answered to a captured frame that it found invalid, we answer too.
  @Test
  void capturedFramesAreReadAsTheReferenceReadThem() {
    List<Captured> frames = Vectors.capturedFrames();
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (int i = 0; i + 1 < frames.size(); i++) {
      Captured sent = frames.get(i);
      Captured answer = frames.get(i + 1);
      if (sent.fromClient()
          && !answer.fromClient()
          && answer.who().equals(sent.who())
          && ClientMessageCodec.decode(sent.text())
              instanceof ClientFrame.Invalid(String complaint, _)
          && !complaint.startsWith("Unknown message type")) {
        compared++;
        if (!answer.frame().path("message").asString("").equals(complaint)) {
          different.add(complaint);
        }
      }
    }
    assertThat(compared).isGreaterThan(4);
    // A PEM with junk before it and a private PEM: refused here only.
    assertThat(different).containsOnly("Invalid public key format (must be Ed25519 PEM)");
  }

  private static String complaint(String text) {
    return switch (ClientMessageCodec.decode(text)) {
      case ClientFrame.Accepted _ -> "ok";
      case ClientFrame.Invalid(String complaint, _) -> complaint;
    };
  }

  private static String frame(String type, String... fields) {
    StringBuilder frame = new StringBuilder("{\"type\":\"").append(type).append('"');
    for (int i = 0; i < fields.length; i += 2) {
      frame.append(",\"").append(fields[i]).append("\":\"").append(fields[i + 1]).append('"');
    }
    return frame.append('}').toString();
  }

  @Test
  void frameOfVeryManyNodesIsRefusedBeforeItIsATree() {
    String nodes = "{},".repeat(100_000);
    assertThat(ClientMessageCodec.decode("{\"type\":\"PING\",\"x\":[" + nodes + "{}]}"))
        .isEqualTo(new ClientFrame.Invalid("Invalid JSON", null));
    String some = "{},".repeat(5_000);
    assertThat(ClientMessageCodec.decode("{\"type\":\"PING\",\"x\":[" + some + "{}]}"))
        .isInstanceOf(ClientFrame.Accepted.class);
    String text = "{},".repeat(500_000);
    assertThat(
            ClientMessageCodec.decode(
                "{\"type\":\"MSG\",\"to\":\"#a\",\"content\":\"" + text + "\"}"))
        .isInstanceOf(ClientFrame.Accepted.class);
  }
}
