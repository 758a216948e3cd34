package org.agentchat.escrow.chain;

import java.math.BigInteger;

/// What a contract answered, as words of 32 bytes.
///
/// @param question what was asked, for messages
/// @param data the bytes, `0x` and hexadecimal digits
record Returned(String question, String data) {
  private static final int WORD_CHARS = 64;

  /// @throws GarbledAnswerException if the answer is no words, as where no such contract is
  static Returned of(String question, String data) throws GarbledAnswerException {
    if (data.length() <= 2 || (data.length() - 2) % WORD_CHARS != 0) {
      throw new GarbledAnswerException(
          "%s answers %s: there is no such contract".formatted(question, Words.of(data)));
    }
    return new Returned(question, data);
  }

  BigInteger uint(int index) throws GarbledAnswerException {
    int start = 2 + index * WORD_CHARS;
    if (start + WORD_CHARS > data.length()) {
      throw new GarbledAnswerException(
          "%s answers too little: %s".formatted(question, Words.of(data)));
    }
    return new BigInteger(data.substring(start, start + WORD_CHARS), 16);
  }

  long number(int index) throws GarbledAnswerException {
    BigInteger value = uint(index);
    if (value.bitLength() > 63) {
      throw new GarbledAnswerException("%s answers the number %s".formatted(question, value));
    }
    return value.longValue();
  }
}
