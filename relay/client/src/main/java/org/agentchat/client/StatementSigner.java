package org.agentchat.client;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;

/// Signs statements for the log of the relay that said WELCOME: bound to that log where the relay
/// names one and takes `agentchat/2`, else as existing clients sign.
///
/// @param joinedOnly never bound
/// @param random for nonces
record StatementSigner(boolean joinedOnly, InstantSource clock, SecureRandom random) {
  /// 144 bits, 24 characters of base64url.
  private static final int NONCE_BYTES = 18;

  SignedStatement sign(Identity identity, ServerMessage.Welcome welcome, Statement statement) {
    return SignedStatement.sign(identity, scheme(welcome, statement), statement);
  }

  private Scheme scheme(ServerMessage.Welcome welcome, Statement statement) {
    String origin = welcome.origin();
    List<String> schemes = welcome.schemes();
    if (joinedOnly || origin == null || schemes == null || !schemes.contains(Scheme.BOUND)) {
      return new Scheme.Joined();
    }
    return new Scheme.Bound(origin, clock.millis(), nonceOf(statement));
  }

  /// A nonce that a statement has of its own is used once by its nature, so it is the scheme's too.
  private String nonceOf(Statement statement) {
    return switch (statement) {
      case CourtStatement.DisputeReveal reveal -> reveal.nonce();
      case EscrowStatement.WalletBind bind -> bind.nonce();
      case Statement _ -> nonce();
    };
  }

  /// A name for a search that nobody else's answer has.
  String queryId() {
    return "q_" + nonce();
  }

  private String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
