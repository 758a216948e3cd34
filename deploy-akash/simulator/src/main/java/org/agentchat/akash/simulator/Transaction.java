package org.agentchat.akash.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/// A transaction as a validator reads it: one message, one signer, `SIGN_MODE_DIRECT`.
record Transaction(
    String hash,
    String type,
    Wire message,
    long timeoutHeight,
    ByteString publicKey,
    long sequence,
    long gasLimit,
    String feeDenom,
    long fee,
    ByteString signature,
    ByteString body,
    ByteString auth) {

  static Transaction read(byte[] raw) throws Refused {
    Wire tx = Wire.of(ByteString.copyFrom(raw), "TxRaw");
    ByteString body = tx.bytes(1);
    ByteString auth = tx.bytes(2);
    List<ByteString> signatures = tx.byteStrings(3);
    tx.end();
    if (signatures.size() != 1) {
      throw Refused.sdk(Refused.UNAUTHORIZED, "wrong number of signers");
    }
    Wire bodyFields = Wire.of(body, "TxBody");
    List<Wire> messages = bodyFields.messages(1);
    bodyFields.text(2);
    long timeout = bodyFields.number(3);
    bodyFields.end();
    if (messages.size() != 1) {
      throw Refused.sdk(18, "must contain exactly one message");
    }
    Wire any = messages.getFirst();
    String type = any.text(1);
    ByteString value = any.bytes(2);
    any.end();
    Wire authFields = Wire.of(auth, "AuthInfo");
    Wire signer = authFields.message(1);
    Wire fee = authFields.message(2);
    authFields.end();
    Wire key = signer.message(1);
    Wire mode = signer.message(2);
    long sequence = signer.number(3);
    signer.end();
    if (!key.text(1).equals("/cosmos.crypto.secp256k1.PubKey")) {
      throw Refused.decoding("unknown key type");
    }
    Wire publicKey = Wire.of(key.bytes(2), "PubKey");
    ByteString point = publicKey.bytes(1);
    publicKey.end();
    key.end();
    Wire single = mode.message(1);
    if (single.number(1) != 1) {
      throw Refused.sdk(Refused.UNAUTHORIZED, "SIGN_MODE_DIRECT wanted");
    }
    single.end();
    mode.end();
    Wire coin = fee.message(1);
    String denom = coin.text(1);
    long amount = Chain.amount(coin.text(2));
    coin.end();
    long gas = fee.number(2);
    fee.end();
    return new Transaction(
        HexFormat.of().withUpperCase().formatHex(Curve.sha256(raw)),
        type,
        Wire.of(value, type),
        timeout,
        point,
        sequence,
        gas,
        denom,
        amount,
        signatures.getFirst(),
        body,
        auth);
  }

  String signer() {
    return Curve.address(publicKey.toByteArray());
  }

  /// What must have been signed on this chain for this account.
  byte[] signDoc(String chainId, long accountNumber) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeBytes(1, body);
      out.writeBytes(2, auth);
      out.writeString(3, chainId);
      if (accountNumber != 0) {
        out.writeUInt64(4, accountNumber);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
