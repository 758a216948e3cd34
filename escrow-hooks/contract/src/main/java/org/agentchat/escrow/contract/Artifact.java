package org.agentchat.escrow.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What the compiler made of the contract's source: the file `AgentEscrow.json`, which the build
/// compares with what it compiles itself.
///
/// @param compiler the version of solc
/// @param sourceSha256 of the contract's own source file
/// @param creationKeccak256 of `creationCode`
/// @param abi the contract's interface, as JSON
/// @param creationCode what a deployment sends: `0x` and digits
/// @param deployedCode what then stands on the chain, with zeros for its immutable values
/// @param immutables where these are in `deployedCode`: name to positions in bytes, of 32 bytes
///   each
record Artifact(
    String compiler,
    String sourceSha256,
    String creationKeccak256,
    List<Map<String, Object>> abi,
    String creationCode,
    String deployedCode,
    Map<String, List<Integer>> immutables) {

  static final String NAME = "AgentEscrow.json";

  Artifact {
    abi = List.copyOf(abi);
    immutables = Collections.unmodifiableSortedMap(new TreeMap<>(immutables));
  }

  /// The one in this jar.
  static Artifact load() {
    try (@Nullable InputStream file = Artifact.class.getResourceAsStream(NAME)) {
      if (file == null) {
        throw new IllegalStateException("This build has no " + NAME);
      }
      return JsonMapper.shared().readValue(file, Artifact.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + NAME, e);
    }
  }
}
