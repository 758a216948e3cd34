package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.agentchat.client.AgentChatClient;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.SignedStatement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bind",
    description = {
      "Say in the log that an account is ours, for one escrow contract. Both keys sign: the"
          + " account's and the agent's.",
      "Deals that are accepted later use the newest binding; those before keep theirs."
    },
    mixinStandardHelpOptions = true)
final class EscrowBindCommand implements Callable<Integer> {
  private static final int MAX_DAYS = 3_650;

  private record Bound(
      String agent,
      String account,
      String contract,
      @JsonProperty("not_after") long notAfter,
      @Nullable Long index) {}

  @Mixin private RelayOptions relay;

  @Option(
      names = "--contract",
      paramLabel = "<address>",
      required = true,
      converter = AddressConverter.class,
      description = "The escrow contract.")
  private Address contract = Address.ZERO;

  @Option(
      names = "--chain",
      paramLabel = "<id>",
      description = {
        "The contract's chain (default: that of the node, which is then also asked whether the"
            + " contract is ours)."
      })
  private @Nullable Long chainId;

  @Option(
      names = "--days",
      paramLabel = "<n>",
      defaultValue = "365",
      description = "For how long (default: ${DEFAULT-VALUE}).")
  private int days = 365;

  @Mixin private ChainOptions chain;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    if (days < 1 || days > MAX_DAYS) {
      throw output.usage("--days is 1 to %d, not %d".formatted(MAX_DAYS, days));
    }
    EscrowContract named =
        new EscrowContract(new EvmChain(chainOfContract()), new EvmAddress(contract.hex()));
    Signer signer = keys.signer();
    Identity identity = relay.signer();
    try (AgentChatClient client = relay.connectSigned(output)) {
      SignedStatement signed = signed(identity, signer, named, client.welcome().origin());
      Long index = Refusals.done(client.submit(signed)).index();
      EscrowStatement.WalletBind bind = (EscrowStatement.WalletBind) signed.statement();
      print(
          new Bound(
              identity.id().toString(),
              bind.account().toString(),
              named.toString(),
              bind.notAfter(),
              index));
      return Exit.OK;
    }
  }

  /// With a node at hand nobody binds an account for a contract that would keep the money.
  private long chainOfContract() throws ChainException {
    if (chainId != null) {
      return chainId;
    }
    try (JsonRpcNode node = chain.node(output)) {
      long found = node.chainId();
      if (!new EscrowClient(node, found, contract).isGenuine()) {
        throw new CommandFailure(
            "NOT_GENUINE",
            Exit.FAILED,
            "The code at %s on chain %d is not this build's AgentEscrow"
                .formatted(contract, found));
      }
      return found;
    }
  }

  private SignedStatement signed(
      Identity identity, Signer signer, EscrowContract named, @Nullable String origin) {
    if (origin == null) {
      throw new CommandFailure(
          "SIGNATURE_REQUIRED",
          Exit.FAILED,
          "This relay does not name its log, so nothing can be signed for it alone");
    }
    return BoundWallet.sign(identity, signer, named, origin, Duration.ofDays(days));
  }

  private void print(Bound bound) {
    output.print(
        bound,
        List.of(
            "Account bound:",
            "  Agent: " + bound.agent(),
            "  Account: " + bound.account(),
            "  Contract: " + bound.contract(),
            "  Until: " + IsoTime.of(bound.notAfter() * 1_000)));
  }
}
