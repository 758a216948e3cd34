package org.agentchat.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.Locale;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.deployment.AmendmentException;
import org.agentchat.akash.deployment.JournalException;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.akash.sdl.SdlException;
import org.agentchat.akash.wallet.WalletException;
import org.agentchat.client.ClientException;
import org.agentchat.client.ConnectFailedException;
import org.agentchat.client.ConnectionLostException;
import org.agentchat.client.IdentityFileException;
import org.agentchat.client.NoAnswerException;
import org.agentchat.client.RefusedException;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.GarbledAnswerException;
import org.agentchat.escrow.chain.KeystoreException;
import org.agentchat.escrow.chain.NodeRefusedException;
import org.agentchat.escrow.chain.NodeUnreachableException;
import org.agentchat.escrow.chain.RevertedException;
import org.agentchat.escrow.chain.WrongChainException;
import org.agentchat.ledger.tree.TreeRefusedException;
import org.agentchat.log.LogException;
import org.agentchat.schemas.statement.InvalidStatementException;

/// Says in one sentence what an exception means to whoever typed the command.
final class Failures {
  private Failures() {}

  static CommandFailure of(Exception problem) {
    return switch (problem) {
      case CommandFailure failure -> failure;
      case ConnectFailedException failed when isRefused(failed) ->
          new CommandFailure(
              "CONNECTION_REFUSED",
              Exit.UNREACHABLE,
              "Connection refused. Is the server running?",
              failed);
      case ConnectFailedException failed -> failure("UNREACHABLE", Exit.UNREACHABLE, failed);
      case ConnectionLostException lost -> failure("CONNECTION_LOST", Exit.UNREACHABLE, lost);
      case NoAnswerException silent -> failure("NO_ANSWER", Exit.UNREACHABLE, silent);
      case RefusedException refused -> failure(refused.code(), Exit.FAILED, refused);
      case IdentityFileException file -> failure("IDENTITY", Exit.FAILED, file);
      case ClientException other -> failure("CLIENT", Exit.FAILED, other);
      case InvalidStatementException invalid -> failure("INVALID_STATEMENT", Exit.FAILED, invalid);
      case ChainException chain -> chain(chain);
      case KeystoreException key -> failure("KEYSTORE", Exit.FAILED, key);
      case SQLException sql -> failure("DATABASE", Exit.FAILED, sql);
      case LogException log -> failure("LOG", Exit.FAILED, log);
      case IOException io -> failure("IO", Exit.FAILED, io);
      case TreeRefusedException tree -> failure("TREE", Exit.FAILED, tree);
      case UncheckedIOException io -> failure("IO", Exit.FAILED, io);
      case NodeException node -> failure("NODE", Exit.UNREACHABLE, node);
      case ProviderException provider -> failure("PROVIDER", Exit.UNREACHABLE, provider);
      case WalletException wallet -> failure("WALLET", Exit.FAILED, wallet);
      case SdlException sdl -> failure("SDL", Exit.FAILED, sdl);
      case AmendmentException change -> failure("NOT_CHANGED", Exit.FAILED, change);
      case JournalException journal -> failure("DEPLOYMENT", Exit.FAILED, journal);
      case Exception bug ->
          new CommandFailure(
              "BUG",
              Exit.BUG,
              "This is a fault of AgentChat (%s); run it again with AGENTCHAT_DEBUG=1 and report"
                      .formatted(bug)
                  + " what it prints",
              bug);
    };
  }

  private static CommandFailure chain(ChainException problem) {
    return switch (problem) {
      case NodeUnreachableException away -> failure("NODE_UNREACHABLE", Exit.UNREACHABLE, away);
      case NodeRefusedException refused -> failure("NODE_REFUSED", Exit.FAILED, refused);
      case GarbledAnswerException garbled -> failure("NODE_GARBLED", Exit.FAILED, garbled);
      case RevertedException reverted -> ChainSession.refused(reverted.error());
      case WrongChainException wrong -> failure("WRONG_CHAIN", Exit.WRONG_CHAIN, wrong);
    };
  }

  private static CommandFailure failure(String code, int exit, Exception problem) {
    String message = problem.getMessage();
    String sentence = message == null ? problem.getClass().getSimpleName() : message;
    return new CommandFailure(code, exit, capitalised(sentence), problem);
  }

  private static String capitalised(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private static boolean isRefused(Throwable problem) {
    boolean refused = false;
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return false;
      }
      refused |= cause instanceof ConnectException;
    }
    return refused;
  }
}
