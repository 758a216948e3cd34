package org.agentchat.akash.wallet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/// The words that a wallet is made of (BIP-39, English): 128 to 256 bits of entropy and a checksum.
/// Its text is the secret itself, so [#toString] does not say it.
public final class Mnemonic {
  private static final int WORD_BITS = 11;
  private static final int ENTROPY_BYTES = 32;
  private static final Set<Integer> WORD_COUNTS = Set.of(12, 15, 18, 21, 24);
  private static final int SEED_ROUNDS = 2048;
  private static final int SEED_BITS = 512;
  private static final List<String> WORDS = englishWords();

  private final byte[] entropy;

  private Mnemonic(byte[] entropy) {
    this.entropy = entropy;
  }

  /// 24 new words.
  public static Mnemonic generate(SecureRandom random) {
    byte[] entropy = new byte[ENTROPY_BYTES];
    random.nextBytes(entropy);
    return new Mnemonic(entropy);
  }

  /// The words of that entropy.
  ///
  /// @param entropy 16, 20, 24, 28 or 32 bytes
  /// @throws IllegalArgumentException if it has another length
  public static Mnemonic ofEntropy(byte[] entropy) {
    if (entropy.length % 4 != 0 || !WORD_COUNTS.contains(entropy.length * 3 / 4)) {
      throw new IllegalArgumentException(
          "16, 20, 24, 28 or 32 bytes of entropy wanted, found " + entropy.length);
    }
    return new Mnemonic(entropy.clone());
  }

  /// Reads words that are separated by any white space, in any case.
  ///
  /// @throws IllegalArgumentException naming the place of what is wrong, never a word
  public static Mnemonic parse(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKD);
    List<String> words = List.of(normal.strip().toLowerCase(Locale.ROOT).split("\\s+"));
    if (!WORD_COUNTS.contains(words.size())) {
      throw new IllegalArgumentException(
          "a mnemonic has 12, 15, 18, 21 or 24 words, found " + words.size());
    }
    byte[] bits = new byte[words.size() * WORD_BITS];
    for (int i = 0; i < words.size(); i++) {
      int index = Collections.binarySearch(WORDS, words.get(i));
      if (index < 0) {
        throw new IllegalArgumentException("word " + (i + 1) + " is not in the English list");
      }
      for (int bit = 0; bit < WORD_BITS; bit++) {
        bits[i * WORD_BITS + bit] = (byte) ((index >>> (WORD_BITS - 1 - bit)) & 1);
      }
    }
    Mnemonic mnemonic = new Mnemonic(bytes(bits, bits.length / 33 * 4));
    if (!mnemonic.wordList().equals(words)) {
      throw new IllegalArgumentException(
          "the checksum of the mnemonic is wrong: a word is missing, misspelt or misplaced");
    }
    return mnemonic;
  }

  private static byte[] bytes(byte[] bits, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count * 8; i++) {
      bytes[i / 8] |= (byte) (bits[i] << (7 - i % 8));
    }
    return bytes;
  }

  /// The entropy, without the checksum.
  public byte[] entropy() {
    return entropy.clone();
  }

  /// The words, separated by one space: to be shown once to their owner, and never written to a
  /// file or a log.
  public String words() {
    return String.join(" ", wordList());
  }

  private List<String> wordList() {
    byte[] checksum = Hashes.sha256(entropy);
    List<String> list = new ArrayList<>();
    int count = entropy.length * 3 / 4;
    for (int word = 0; word < count; word++) {
      int index = 0;
      for (int bit = word * WORD_BITS; bit < (word + 1) * WORD_BITS; bit++) {
        int entropyBits = entropy.length * 8;
        int value = bit < entropyBits ? bit(entropy, bit) : bit(checksum, bit - entropyBits);
        index = (index << 1) | value;
      }
      list.add(WORDS.get(index));
    }
    return list;
  }

  private static int bit(byte[] bytes, int index) {
    return (bytes[index / 8] >>> (7 - index % 8)) & 1;
  }

  /// The 64 bytes that keys are derived from (PBKDF2-HMAC-SHA512, 2048 rounds).
  ///
  /// @param passphrase the optional 25th word; usually empty
  public byte[] seed(String passphrase) {
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA512Digest());
    generator.init(
        String.join(" ", wordList()).getBytes(StandardCharsets.UTF_8),
        ("mnemonic" + Normalizer.normalize(passphrase, Normalizer.Form.NFKD))
            .getBytes(StandardCharsets.UTF_8),
        SEED_ROUNDS);
    return ((KeyParameter) generator.generateDerivedMacParameters(SEED_BITS)).getKey();
  }

  private static List<String> englishWords() {
    try (InputStream in = Mnemonic.class.getResourceAsStream("bip39-english.txt")) {
      return new BufferedReader(
              new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII))
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the list of words cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "mnemonic of " + entropy.length * 3 / 4 + " words";
  }
}
