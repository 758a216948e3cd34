package org.agentchat.akash.tx;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.agentchat.akash.messages.AuthInfo;
import org.agentchat.akash.messages.Fee;
import org.agentchat.akash.messages.ModeInfo;
import org.agentchat.akash.messages.PubKey;
import org.agentchat.akash.messages.SignDoc;
import org.agentchat.akash.messages.SignMode;
import org.agentchat.akash.messages.SignerInfo;
import org.agentchat.akash.messages.TxBody;
import org.agentchat.akash.messages.TxRaw;
import org.agentchat.akash.wallet.AccountKey;

/// A transaction with one message and one signer, before it is signed (`SIGN_MODE_DIRECT`, ADR-020,
/// ADR-027 for the order of bytes).
///
/// @param message one message with its type
/// @param memo may be empty
/// @param gas the most that it may use
/// @param fee what is paid for that, used or not
/// @param sequence how many transactions of the account came before
/// @param timeoutHeight the last block that may contain it; 0 is any
public record Draft(
    Any message, String memo, long gas, Coin fee, long sequence, long timeoutHeight) {
  /// Signs for one account on one chain.
  ///
  /// @param accountNumber the chain's number for the key's address
  public SignedTransaction sign(AccountKey key, String chainId, long accountNumber) {
    ByteString body = bytes(body());
    ByteString auth = bytes(authInfo(key));
    byte[] signature = key.sign(signDoc(body, auth, chainId, accountNumber).toByteArray());
    return signed(body, auth, ByteString.copyFrom(signature));
  }

  /// The same with an empty signature, which is what a simulation wants.
  public ByteString unsigned(AccountKey key) {
    return signed(bytes(body()), bytes(authInfo(key)), ByteString.EMPTY).bytes();
  }

  /// The bytes whose SHA-256 is signed.
  ByteString signDoc(AccountKey key, String chainId, long accountNumber) {
    return signDoc(bytes(body()), bytes(authInfo(key)), chainId, accountNumber);
  }

  private static ByteString signDoc(
      ByteString body, ByteString auth, String chainId, long accountNumber) {
    return bytes(
        SignDoc.newBuilder()
            .setBodyBytes(body)
            .setAuthInfoBytes(auth)
            .setChainId(chainId)
            .setAccountNumber(accountNumber)
            .build());
  }

  private SignedTransaction signed(ByteString body, ByteString auth, ByteString signature) {
    ByteString raw =
        bytes(
            TxRaw.newBuilder()
                .setBodyBytes(body)
                .setAuthInfoBytes(auth)
                .addSignatures(signature)
                .build());
    return new SignedTransaction(raw, sequence, timeoutHeight);
  }

  private TxBody body() {
    return TxBody.newBuilder()
        .addMessages(message)
        .setMemo(memo)
        .setTimeoutHeight(timeoutHeight)
        .build();
  }

  private AuthInfo authInfo(AccountKey key) {
    PubKey publicKey = PubKey.newBuilder().setKey(ByteString.copyFrom(key.publicKey())).build();
    return AuthInfo.newBuilder()
        .addSignerInfos(
            SignerInfo.newBuilder()
                .setPublicKey(Any.pack(publicKey, ""))
                .setModeInfo(
                    ModeInfo.newBuilder()
                        .setSingle(ModeInfo.Single.newBuilder().setMode(SignMode.SIGN_MODE_DIRECT)))
                .setSequence(sequence))
        .setFee(Fee.newBuilder().addAmount(fee.message()).setGasLimit(gas))
        .build();
  }

  /// Fields in the order of their numbers, defaults left out.
  private static ByteString bytes(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    coded.useDeterministicSerialization();
    try {
      message.writeTo(coded);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory was refused", e);
    }
    return ByteString.copyFrom(out.toByteArray());
  }
}
