package org.agentchat.escrow.chain;

import java.util.Optional;

/// Why a contract refused a call.
///
/// @param name the custom error's name, `Error` for a plain reason, `Panic` for a failed check of
///   the compiler, `Unknown` when nobody can tell
/// @param detail arguments or reason, for people
/// @param data the bytes that the contract returned, `0x` and hexadecimal digits
public record ContractError(String name, Optional<String> detail, String data) {
  /// A refusal of which the chain keeps no reason.
  public static final ContractError SILENT = new ContractError("Unknown", Optional.empty(), "0x");

  @Override
  public String toString() {
    return name + detail.map(text -> "(" + text + ")").orElse("");
  }
}
