package org.agentchat.akash.wallet;

/// An account on the chain: `akash1` and the RIPEMD-160 of the SHA-256 of its compressed public
/// key, in bech32. A contract's or a module's account may have 32 bytes.
///
/// @param text valid, lower case
public record Address(String text) {
  private static final String PREFIX = "akash";

  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no such address, saying why
  public Address {
    byte[] bytes;
    try {
      bytes = Bech32.decode(PREFIX, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "an address akash1... wanted, found '" + text + "': " + e.getMessage(), e);
    }
    if (bytes.length != 20 && bytes.length != 32) {
      throw new IllegalArgumentException(
          "an address of 20 or 32 bytes wanted, found " + bytes.length + " in '" + text + "'");
    }
    if (!text.equals(Bech32.encode(PREFIX, bytes))) {
      throw new IllegalArgumentException("an address in small letters wanted, found " + text);
    }
  }

  /// The address of a key.
  ///
  /// @param compressed 33 bytes
  public static Address ofPublicKey(byte[] compressed) {
    return new Address(Bech32.encode(PREFIX, Hashes.ripemd160(Hashes.sha256(compressed))));
  }

  /// The 20 or 32 bytes in the text.
  public byte[] bytes() {
    return Bech32.decode(PREFIX, text);
  }

  @Override
  public String toString() {
    return text;
  }
}
