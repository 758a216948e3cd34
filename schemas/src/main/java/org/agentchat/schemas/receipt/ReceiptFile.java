package org.agentchat.schemas.receipt;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;
import tools.jackson.databind.JsonNode;

/// A receipt that verifies by itself: the deal's statements as the log holds them, and for each a
/// proof that the log holds it. Whoever has this and a policy needs nobody else.
///
/// Whether any of it is true is not known here.
///
/// @param format [#FORMAT]
/// @param receipt as its ledger made it
/// @param rotations the `ROTATE_KEY` statements by which a key that signed a leg follows one that
///   the deal names, in log order; usually none
/// @param escrow of a deal with money, in log order: the statements that bound the two wallets, and
///   what the observer has said of the escrow so far; left out when there is none
/// @param proofs a C2SP `tlog-proof@v1` text for each leg, in their order, then for each rotation,
///   then for each statement of the escrow, all of them with the same checkpoint
public record ReceiptFile(
    String format,
    Receipt receipt,
    List<Receipt.Leg> rotations,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Receipt.Leg> escrow,
    List<String> proofs) {
  /// Names the format and its version.
  public static final String FORMAT = "agentchat-receipt/1";

  /// Largest file, in bytes: a plain deal needs 10 KiB, a case whose statements are as long as they
  /// may be about 1.5 MiB, and a rotation at most 5 KiB (in a log of 2^40 entries with ten
  /// witnesses), so that no file of [#MAX_LEGS] is larger.
  public static final int MAX_BYTES = 6 * 1024 * 1024;

  /// Statements of a deal and of its money: a case has 18 at the most, an escrow four.
  public static final int MAX_STATEMENTS = 18 + 4;

  /// Rotations: who signs one of these statements is one of the two sides, the observer, or one of
  /// the nine that are ever given a seat on the panel; and no account rotates its key more than 64
  /// times. So nobody can make another's receipt too large by rotating keys.
  public static final int MAX_ROTATIONS = 12 * 64;

  /// Legs, rotations and statements of an escrow, together.
  public static final int MAX_LEGS = MAX_STATEMENTS + MAX_ROTATIONS;

  /// Copies the lists.
  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  public ReceiptFile {
    rotations = List.copyOf(rotations);
    escrow = escrow == null ? List.of() : List.copyOf(escrow);
    proofs = List.copyOf(proofs);
  }

  /// A file of this format, of a deal without money.
  public ReceiptFile(Receipt receipt, List<Receipt.Leg> rotations, List<String> proofs) {
    this(receipt, rotations, List.of(), proofs);
  }

  /// A file of this format.
  public ReceiptFile(
      Receipt receipt, List<Receipt.Leg> rotations, List<Receipt.Leg> escrow, List<String> proofs) {
    this(FORMAT, receipt, rotations, escrow, proofs);
  }

  /// Reads a file: strict JSON, every field known and of its type, as many proofs as legs and
  /// rotations.
  ///
  /// @throws MalformedReceiptException saying what is wrong
  public static ReceiptFile parse(byte[] file) throws MalformedReceiptException {
    if (file.length > MAX_BYTES) {
      throw new MalformedReceiptException(
          false, "%d bytes, at most %d wanted".formatted(file.length, MAX_BYTES));
    }
    try {
      return read(StrictJson.parse(file));
    } catch (IllegalArgumentException e) {
      throw new MalformedReceiptException(false, String.valueOf(e.getMessage()));
    }
  }

  private static ReceiptFile read(JsonNode tree) throws MalformedReceiptException {
    String format = tree.path("format").isString() ? tree.path("format").stringValue() : "";
    if (format.isEmpty()) {
      throw new IllegalArgumentException("not a receipt file: it names no format");
    }
    if (!format.equals(FORMAT)) {
      throw new MalformedReceiptException(
          true, "the format is %s, %s is known here".formatted(Json.excerpt(format, 40), FORMAT));
    }
    ReceiptFile file = StrictJson.read(tree, ReceiptFile.class);
    int legs = file.receipt.legs().size() + file.rotations.size() + file.escrow.size();
    if (legs > MAX_LEGS) {
      throw new IllegalArgumentException(legs + " legs, at most " + MAX_LEGS + " wanted");
    }
    if (file.proofs.size() != legs) {
      throw new IllegalArgumentException(
          "%d proofs for %d legs, rotations and statements of an escrow"
              .formatted(file.proofs.size(), legs));
    }
    return file;
  }

  /// Why nobody would read the file, or empty: what a ledger gives away must fit.
  public Optional<String> excess() {
    int bytes = encode().getBytes(StandardCharsets.UTF_8).length;
    if (proofs.size() > MAX_LEGS) {
      return Optional.of("%d legs, at most %d fit".formatted(proofs.size(), MAX_LEGS));
    }
    return bytes > MAX_BYTES
        ? Optional.of("%d bytes, at most %d fit".formatted(bytes, MAX_BYTES))
        : Optional.empty();
  }

  /// The file as it is written: JSON over several lines, UTF-8, a final line end.
  public String encode() {
    return Json.pretty(this) + "\n";
  }
}
