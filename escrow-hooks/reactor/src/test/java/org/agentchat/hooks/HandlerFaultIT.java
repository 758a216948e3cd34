package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.VerifiedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A handler whose own thread dies of a fault.
final class HandlerFaultIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void faultOfAHandlersOwnThreadStopsTheReactorAndIsSaid() throws Exception {
    Hook hook = FakeHandler.hook("a", _ -> new Outcome.Done("done"));
    FakeLog log = new FakeLog();
    log.append(Story.begun().events);
    ReactorSettings settings =
        new ReactorSettings(folder.resolve("hooks.db").toString(), Optional.empty());
    try (Reactor reactor = Reactor.start(settings, List.of(hook), log, new VerifiedEvents())) {
      reactor.awaitCaughtUp(PATIENCE);
      FakeHandler.of(hook).workbench().fail(new StackOverflowError("of the handler"));
      await().atMost(PATIENCE).until(() -> reactor.stopped().isCompletedExceptionally());
      assertThat(reactor.health().status()).isEqualTo(Health.Status.STOPPED);
      assertThat(reactor.health().reason()).isEqualTo("of the handler");
    }
  }
}
