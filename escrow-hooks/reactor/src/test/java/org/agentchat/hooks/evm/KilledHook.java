package org.agentchat.hooks.evm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.hooks.Death;
import org.agentchat.hooks.DyingReactor;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogRecord;
import org.agentchat.log.Tail;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;

/// A reactor in a process of its own that moves money and tells a webhook of it, until it is killed
/// or kills itself.
final class KilledHook {
  /// The observer's word is signed, and goes to the log.
  static final String APPENDING = "APPENDING";

  /// The word is in the log, and nothing else knows.
  static final String APPENDED = "APPENDED";

  private KilledHook() {}

  /// Arguments: Kafka's address, the outbox, the node's address, the chain's id, the contract, its
  /// first block, the webhook's address, where to die (or `none`) and at which time.
  public static void main(String[] arguments) {
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
    Death death = new Death(arguments[7], Integer.parseInt(arguments[8]));
    EventLog log = new Watched(KafkaEventLog.open(KafkaSettings.embedded(arguments[0])), death);
    Reactor reactor =
        death.start(
            new ReactorSettings(arguments[1], Optional.empty()),
            List.of(
                new Hook("money", "evm", new EvmHandler(settings), Hook.From.BEGINNING, 4),
                DyingReactor.hook(arguments[6])),
            log);
    reactor.stopped().join();
  }

  /// A log whose appends are moments to die at.
  private record Watched(EventLog log, Death death) implements EventLog {
    @Override
    public CompletableFuture<Long> append(byte[] value) {
      death.at(APPENDING);
      long index = log.append(value).join();
      death.at(APPENDED);
      return CompletableFuture.completedFuture(index);
    }

    @Override
    public long size() {
      return log.size();
    }

    @Override
    public List<LogRecord> read(long from, int limit) {
      return log.read(from, limit);
    }

    @Override
    public Tail tail(long from) {
      return log.tail(from);
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
