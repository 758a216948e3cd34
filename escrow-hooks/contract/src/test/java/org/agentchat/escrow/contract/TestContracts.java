package org.agentchat.escrow.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The contracts of `src/test/solidity`, compiled: tokens and wallets, good and bad. Other modules'
/// tests have them from the test jar.
public final class TestContracts {

  static final String NAME = "TestContracts.json";

  private TestContracts() {}

  /// What deploys one of them.
  ///
  /// @param name for example `TestToken`, an ERC-20 with 6 decimals and `mint(address,uint256)` for
  ///   everybody
  /// @return `0x` and digits; constructor arguments, if it has any, are to be added
  public static String creationCode(String name) {
    String code = all().get(name);
    if (code == null) {
      throw new IllegalArgumentException("There is no test contract " + name);
    }
    return code;
  }

  /// Name to creation code.
  private static Map<String, String> all() {
    try (InputStream file = TestContracts.class.getResourceAsStream(NAME)) {
      return JsonMapper.shared().readValue(file, new TypeReference<TreeMap<String, String>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
