package org.agentchat.cli;

import java.io.IOException;
import java.sql.SQLException;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.KeystoreException;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.contract.EscrowCall;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The deal whose money a command moves, where the log is and where the chain is.
final class EscrowDealOptions {
  @Parameters(
      index = "0",
      paramLabel = "<proposal_id>",
      converter = DealOptions.Converter.class,
      description = "The accepted proposal, as 'agentchat propose' printed it.")
  private String id = "";

  @Mixin private LedgerOption ledger;
  @Mixin private ChainOptions chain;
  @Mixin private HomeFolder home;

  EscrowDeals.Found find(Output output) {
    return EscrowDeals.find(new LedgerLog(ledger.api(output)), id);
  }

  LedgerLog log(Output output) {
    return new LedgerLog(ledger.api(output));
  }

  JsonRpcNode node(Output output) {
    return chain.node(output);
  }

  /// A session on the chain of the deal.
  ChainSession session(EscrowDeals.Found found, KeyOptions keys, Output output)
      throws ChainException, SQLException, IOException, KeystoreException {
    Signer signer = keys.signer();
    JsonRpcNode node = chain.node(output);
    try {
      long chainId = found.deal().terms().chain().id();
      return ChainSession.open(chain, signer, node, chainId, home, output);
    } catch (ChainException | SQLException | IOException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  static EscrowClient client(EscrowDeals.Found found, JsonRpcNode node) {
    Address contract = new Address(found.deal().terms().contract().text());
    return new EscrowClient(node, found.deal().terms().chain().id(), contract);
  }

  /// The wish has the name under which a hook knows it, too.
  static Request request(
      EscrowDeals.Found found, EscrowClient escrow, EscrowCall call, String step, Address by) {
    return escrow.request(key(found, step), call, by);
  }

  /// Names a step of a deal's escrow in the store of transactions.
  static String key(EscrowDeals.Found found, String step) {
    return "%s/%s/%s".formatted(found.deal().terms().escrowContract(), found.deal().id(), step);
  }
}
