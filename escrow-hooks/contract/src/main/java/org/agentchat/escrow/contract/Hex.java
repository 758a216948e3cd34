package org.agentchat.escrow.contract;

import java.util.regex.Pattern;

/// The one way in which addresses, hashes and bytes are written.
final class Hex {

  static final String ZERO_ADDRESS = "0x" + "0".repeat(40);

  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");
  private static final Pattern BYTES_32 = Pattern.compile("0x[0-9a-f]{64}");
  private static final Pattern BYTES = Pattern.compile("0x([0-9a-f]{2})*");

  private Hex() {}

  static void requireAddress(String name, String value) {
    require(ADDRESS, "0x and 40 hexadecimal digits in lower case", name, value);
  }

  static void requireBytes32(String name, String value) {
    require(BYTES_32, "0x and 64 hexadecimal digits in lower case", name, value);
  }

  static void requireBytes(String name, String value) {
    require(BYTES, "0x and hexadecimal digits in lower case", name, value);
  }

  static boolean isBytes(String value) {
    return BYTES.matcher(value).matches();
  }

  private static void require(Pattern pattern, String wanted, String name, String value) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(name + " must be " + wanted + ", not '" + value + "'");
    }
  }
}
