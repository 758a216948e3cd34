package org.agentchat.schemas.statement;

import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;

/// A statement with the key that signed it, the scheme, and the signature. Whether the signature is
/// valid is not part of the value: ask [#isValid].
public record SignedStatement(
    Statement statement, Scheme scheme, AgentKey key, Signature signature) {

  /// Signs a statement.
  ///
  /// @throws InvalidStatementException if the scheme cannot carry it
  public static SignedStatement sign(Identity identity, Scheme scheme, Statement statement) {
    byte[] bytes = scheme.signedBytes(identity.key(), statement);
    return new SignedStatement(statement, scheme, identity.key(), identity.sign(bytes));
  }

  /// Whether the key signed exactly this, and whoever else it speaks for agreed to it: the new key
  /// of a rotation, the wallet of a binding as far as that can be told without its chain. False
  /// also when the scheme cannot carry the statement.
  public boolean isValid(Ed25519Verifier verifier) {
    return isSigned(verifier) && isAgreed(verifier) && isConsented();
  }

  private boolean isSigned(Ed25519Verifier verifier) {
    try {
      return scheme.acceptedBytes(key, statement).stream()
          .anyMatch(bytes -> verifier.verify(key, bytes, signature));
    } catch (InvalidStatementException _) {
      return false;
    }
  }

  private boolean isAgreed(Ed25519Verifier verifier) {
    return !(statement instanceof KeyStatement.RotateKey rotation)
        || (scheme instanceof Scheme.Bound bound
            && rotation.isAgreed(verifier, key, bound.origin()));
  }

  private boolean isConsented() {
    return !(statement instanceof EscrowStatement.WalletBind bind)
        || bind.proof(key) != WalletBinding.Proof.NONE;
  }
}
