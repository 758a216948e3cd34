package org.agentchat.escrow.chain;

import java.util.Locale;
import java.util.regex.Pattern;
import org.web3j.crypto.Keys;

/// An account or a contract on an EVM chain.
///
/// @param hex `0x` and 40 lower-case hexadecimal digits
public record Address(String hex) {
  private static final Pattern CANONICAL = Pattern.compile("0x[0-9a-f]{40}");
  private static final Pattern ANY_CASE = Pattern.compile("0x[0-9a-fA-F]{40}");

  /// Stands for the chain's native coin where a token is asked for.
  public static final Address ZERO = new Address("0x" + "0".repeat(40));

  /// @throws IllegalArgumentException if it is not in the one canonical form
  public Address {
    if (!CANONICAL.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "an address is 0x and 40 lower-case hexadecimal digits, not " + hex);
    }
  }

  /// What a person typed: all in one case, or with the checksum of EIP-55, which then must be
  /// right.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static Address parse(String text) {
    if (!ANY_CASE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "an address is 0x and 40 hexadecimal digits, not '%s' (%d characters)"
              .formatted(text, text.length()));
    }
    String digits = text.substring(2);
    Address address = new Address("0x" + digits.toLowerCase(Locale.ROOT));
    boolean mixed =
        !digits.equals(digits.toLowerCase(Locale.ROOT))
            && !digits.equals(digits.toUpperCase(Locale.ROOT));
    if (mixed && !address.checksummed().equals(text)) {
      throw new IllegalArgumentException(
          "the address %s has a typing mistake: its capital letters are a checksum (EIP-55) that"
                  .formatted(text)
              + " does not fit; write it all in lower case if you are sure of it");
    }
    return address;
  }

  /// With the checksum of EIP-55 in its capital letters, for people.
  public String checksummed() {
    return Keys.toChecksumAddress(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
