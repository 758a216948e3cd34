package org.agentchat.akash.tx;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import org.agentchat.akash.wallet.Hashes;

/// A transaction that can be sent, as often as one likes: the chain takes it once at the most.
///
/// @param bytes a `TxRaw`
/// @param sequence the account's sequence that it uses up
/// @param timeoutHeight the last block that may contain it; 0 is any
public record SignedTransaction(ByteString bytes, long sequence, long timeoutHeight) {
  /// The name of the transaction, known before it is sent: SHA-256, capital hexadecimal.
  public String hash() {
    return HexFormat.of().withUpperCase().formatHex(Hashes.sha256(bytes.toByteArray()));
  }

  @Override
  public String toString() {
    return hash();
  }
}
