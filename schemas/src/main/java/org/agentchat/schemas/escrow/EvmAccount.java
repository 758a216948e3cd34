package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// An account of one chain; on the wire as CAIP-10 has it, for example
/// `eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb`.
public record EvmAccount(EvmChain chain, EvmAddress address) {
  /// Reads the CAIP-10 form, with its address in lower case.
  ///
  /// @throws IllegalArgumentException if the text is something else
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static EvmAccount of(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not an account (a chain, : and an address): " + text);
    }
    return new EvmAccount(
        EvmChain.of(text.substring(0, colon)), new EvmAddress(text.substring(colon + 1)));
  }

  /// The CAIP-10 form.
  @JsonValue
  @Override
  public String toString() {
    return chain + ":" + address;
  }
}
