package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/// What somebody wants a chain to do, once in effect.
///
/// @param key names the wish, at most 300 characters; the same key twice is one wish
/// @param sender who signs and pays
/// @param to the contract; absent to make a new one
/// @param value native coin that goes with it, wei
/// @param data the call, `0x` and hexadecimal digits
public record Request(
    String key, Address sender, Optional<Address> to, BigInteger value, String data) {
  static final int MAX_KEY_CHARS = 300;

  /// Twice the largest contract that Ethereum admits (EIP-3860), in hexadecimal digits.
  static final int MAX_DATA_CHARS = 2 + 2 * 49_152;

  private static final Pattern DATA = Pattern.compile("0x(?:[0-9a-f]{2})*");

  /// @throws IllegalArgumentException if a field is out of its range
  public Request {
    if (key.isBlank() || key.length() > MAX_KEY_CHARS) {
      throw new IllegalArgumentException(
          "a request's key has 1 to %d characters, not '%s'".formatted(MAX_KEY_CHARS, key));
    }
    if (value.signum() < 0) {
      throw new IllegalArgumentException("a value is at least 0 wei, not " + value);
    }
    if (data.length() > MAX_DATA_CHARS || !DATA.matcher(data).matches()) {
      throw new IllegalArgumentException(
          "call data is 0x and lower-case bytes, at most %d characters, not %d: %.20s..."
              .formatted(MAX_DATA_CHARS, data.length(), data));
    }
  }
}
