package org.agentchat.akash.wallet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Bech32 (BIP-173, the original checksum) for the addresses of Cosmos chains.
final class Bech32 {
  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int CHECKSUM_CHARS = 6;

  /// BIP-173: the checksum finds errors only in texts that are no longer.
  private static final int MAX_CHARS = 90;

  private Bech32() {}

  /// @param prefix what stands before the `1`, lower case
  static String encode(String prefix, byte[] data) {
    byte[] digits = regroup(data, 8, 5, true);
    StringBuilder text = new StringBuilder(prefix).append('1');
    for (byte digit : digits) {
      text.append(ALPHABET.charAt(digit));
    }
    int checksum = polymod(expand(prefix), digits, new byte[CHECKSUM_CHARS]) ^ 1;
    for (int i = 0; i < CHECKSUM_CHARS; i++) {
      text.append(ALPHABET.charAt((checksum >>> (5 * (CHECKSUM_CHARS - 1 - i))) & 31));
    }
    return text.toString();
  }

  /// The bytes of a text with that prefix.
  ///
  /// @throws IllegalArgumentException saying what is wrong with the text
  static byte[] decode(String prefix, String text) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException("at most " + MAX_CHARS + " characters wanted");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (!text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException("small and capital letters are mixed");
    }
    if (!lower.startsWith(prefix + "1")) {
      throw new IllegalArgumentException("it must begin with '" + prefix + "1'");
    }
    byte[] digits = digits(lower.substring(prefix.length() + 1));
    if (digits.length < CHECKSUM_CHARS || polymod(expand(prefix), digits) != 1) {
      throw new IllegalArgumentException("its checksum is wrong: a character is not what it was");
    }
    return regroup(Arrays.copyOf(digits, digits.length - CHECKSUM_CHARS), 5, 8, false);
  }

  private static byte[] digits(String text) {
    byte[] digits = new byte[text.length()];
    for (int i = 0; i < digits.length; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("'" + text.charAt(i) + "' is in no address");
      }
      digits[i] = (byte) digit;
    }
    return digits;
  }

  private static byte[] expand(String prefix) {
    byte[] chars = prefix.getBytes(StandardCharsets.US_ASCII);
    byte[] expanded = new byte[2 * chars.length + 1];
    for (int i = 0; i < chars.length; i++) {
      expanded[i] = (byte) (chars[i] >>> 5);
      expanded[chars.length + 1 + i] = (byte) (chars[i] & 31);
    }
    return expanded;
  }

  private static int polymod(byte[]... parts) {
    int checksum = 1;
    for (byte[] part : parts) {
      for (byte value : part) {
        int top = checksum >>> 25;
        checksum = ((checksum & 0x1ffffff) << 5) ^ value;
        for (int i = 0; i < GENERATOR.length; i++) {
          checksum ^= ((top >>> i) & 1) == 0 ? 0 : GENERATOR[i];
        }
      }
    }
    return checksum;
  }

  /// Cuts the same bits into groups of another width; bits that fill up are zero.
  private static byte[] regroup(byte[] input, int from, int to, boolean fill) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int bits = 0;
    int buffer = 0;
    for (byte value : input) {
      buffer = (buffer << from) | (value & ((1 << from) - 1));
      bits += from;
      while (bits >= to) {
        bits -= to;
        output.write((buffer >>> bits) & ((1 << to) - 1));
      }
      buffer &= (1 << bits) - 1;
    }
    if (fill && bits > 0) {
      output.write((buffer << (to - bits)) & ((1 << to) - 1));
    } else if (!fill && (bits >= from || buffer != 0)) {
      throw new IllegalArgumentException("its last character has bits too many");
    }
    return output.toByteArray();
  }
}
