package org.agentchat.escrow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What is committed is what the compiler makes of the source that is committed.
///
/// After a change of the source, `mvn -pl escrow-hooks/contract -am -Dit.test=ArtifactIT
/// -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
/// -Dcontract.write=true verify` writes it.
final class ArtifactIT {

  static final Path SOURCE = Path.of("src/main/solidity/AgentEscrow.sol");

  private static final String FILE = "AgentEscrow.sol";

  private static final Path COMMITTED =
      Path.of("src/main/resources/org/agentchat/escrow/contract", Artifact.NAME);

  private static final Path TEST_SOURCE = Path.of("src/test/solidity/TestContracts.sol");

  private static final Path TEST_COMMITTED =
      Path.of("src/test/resources/org/agentchat/escrow/contract", TestContracts.NAME);

  /// What OpenZeppelin's contracts bring, and explain in their own way.
  private static final Set<String> OF_LIBRARIES =
      Set.of(
          "EIP712DomainChanged",
          "FailedCall",
          "InsufficientBalance",
          "InvalidShortString",
          "ReentrancyGuardReentrantCall",
          "SafeERC20FailedOperation",
          "StringTooLong",
          "eip712Domain");

  private static final Predicate<String> IS_CONSTANT =
      Pattern.compile("[A-Z0-9_]+").asMatchPredicate();

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static Solidity solidity;
  private static Solidity.Output output;

  @BeforeAll
  static void compileContract() throws Exception {
    if (!Solidity.isHere()) {
      System.err.println(Solidity.MISSING);
    }
    assumeTrue(Solidity.isHere(), Solidity.MISSING);
    solidity = Solidity.start();
    output = solidity.compile(Map.of(FILE, Files.readString(SOURCE)));
  }

  @AfterAll
  static void stopCompiler() throws Exception {
    if (solidity != null) {
      solidity.close();
    }
  }

  @Test
  void committedBytecodeIsThatOfTheCommittedSource() throws Exception {
    compare(COMMITTED, artifact());
  }

  @Test
  void committedTestContractsAreThoseOfTheirSource() throws Exception {
    String name = TEST_SOURCE.getFileName().toString();
    compare(
        TEST_COMMITTED,
        solidity.compile(Map.of(name, Files.readString(TEST_SOURCE))).creationCodes(name));
  }

  @Test
  void everyFunctionEventAndErrorIsExplained() {
    Solidity.Contract contract = output.contract(FILE, "AgentEscrow");
    List<String> unexplained = new ArrayList<>();
    contract.abi().forEach(entry -> unexplained.addAll(unexplained(entry, contract)));
    assertThat(unexplained).isEmpty();
  }

  /// The entry, if nobody says what it is, and those of its parameters and results of which that is
  /// true. Errors have one sentence for all.
  private static List<String> unexplained(JsonNode entry, Solidity.Contract contract) {
    String kind = entry.path("type").asString();
    String name = entry.path("name").asString("constructor");
    if (OF_LIBRARIES.contains(name)) {
      return List.of();
    }
    String group =
        kind.equals("constructor") ? "methods" : kind.replace("function", "method") + "s";
    String signature = name.equals("constructor") ? name : Abi.signature(entry);
    JsonNode user = contract.userDoc().path(group).path(signature);
    JsonNode notice = kind.equals("error") ? user.path(0).path("notice") : user.path("notice");
    List<String> unexplained = new ArrayList<>();
    if (notice.isMissingNode()) {
      unexplained.add(kind + " " + signature);
    }
    if (!kind.equals("error") && !IS_CONSTANT.test(name)) {
      JsonNode developer = contract.developerDoc().path(group).path(signature);
      for (JsonNode parameter : entry.path("inputs")) {
        String parameterName = parameter.path("name").asString();
        if (developer.path("params").path(parameterName).isMissingNode()) {
          unexplained.add(signature + " " + parameterName);
        }
      }
      if (!entry.path("outputs").isEmpty() && developer.path("returns").isEmpty()) {
        unexplained.add(signature + " returns");
      }
    }
    return unexplained;
  }

  private static void compare(Path committed, Object compiled) throws IOException {
    String text = MAPPER.writeValueAsString(compiled) + "\n";
    if (Boolean.getBoolean("contract.write")) {
      Files.createDirectories(committed.getParent());
      Files.writeString(committed, text);
    }
    assertThat(Files.readString(committed))
        .as("%s; -Dcontract.write=true writes it, see this test", committed)
        .isEqualTo(text);
  }

  private static Artifact artifact() throws Exception {
    Solidity.Contract contract = output.contract(FILE, "AgentEscrow");
    return new Artifact(
        MAPPER.readTree(contract.metadata()).path("compiler").path("version").asString(),
        sha256(Files.readString(SOURCE)),
        Hash.sha3(contract.creationCode()),
        MAPPER.convertValue(contract.abi(), new TypeReference<List<Map<String, Object>>>() {}),
        contract.creationCode(),
        "0x" + contract.deployed().path("object").asString(),
        immutables(contract.deployed().path("immutableReferences")));
  }

  private static Map<String, List<Integer>> immutables(JsonNode references) {
    Map<String, List<Integer>> immutables = new TreeMap<>();
    references.forEachEntry((id, positions) ->
        immutables.put(
            output.variable(Integer.parseInt(id)).orElseThrow(),
            positions.valueStream().map(position -> position.path("start").asInt()).toList()));
    return immutables;
  }

  private static String sha256(String text) throws NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
