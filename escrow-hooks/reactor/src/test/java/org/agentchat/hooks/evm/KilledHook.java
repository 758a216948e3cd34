package org.agentchat.hooks.evm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;

/// A reactor in a process of its own, which runs until it is killed.
final class KilledHook {
  private KilledHook() {}

  /// Arguments: Kafka's address, the outbox, the node's address, the chain's id, the contract and
  /// its first block.
  public static void main(String[] arguments) throws Exception {
    EvmSettings settings =
        new EvmSettings(
            "money",
            new NodeSettings(
                URI.create(arguments[2]),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                2,
                Duration.ofMillis(10)),
            new EscrowContract(
                new EvmChain(Long.parseLong(arguments[3])), new EvmAddress(arguments[4])),
            Long.parseLong(arguments[5]),
            new Finality.Depth(1),
            FeePolicy.DEFAULT,
            List.of(EscrowBench.signer(EscrowBench.PAYER), EscrowBench.signer(EscrowBench.PAYEE)),
            Optional.of(Market.OBSERVER),
            true,
            true,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            RetrySchedule.DEFAULT);
    EventLog log = KafkaEventLog.open(KafkaSettings.embedded(arguments[0]));
    Reactor reactor =
        Reactor.start(
            new ReactorSettings(arguments[1], Optional.empty()),
            List.of(new Hook("money", "evm", new EvmHandler(settings), Hook.From.BEGINNING, 4)),
            log,
            new VerifiedEvents());
    reactor.stopped().join();
  }
}
