package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.agentchat.ledger.VerifiedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that was captured between existing clients and servers, said again to our relay, is
/// answered by the same frames in the same order, apart from the differences in
/// `golden-waivers.txt`.
final class GoldenFramesTest {
  private final Waivers waivers = Waivers.read();
  private final Comparison comparison = new Comparison(waivers.added());
  private final Keyring keyring = new Keyring();

  @TempDir private Path folder;

  @Test
  void capturedTrafficIsAnsweredAsItWasApartFromTheListedDifferences() throws Exception {
    List<Difference> differences = new ArrayList<>();
    for (CapturedServer server : CapturedServer.values()) {
      differences.addAll(replay(server));
    }
    List<Difference> unlisted =
        differences.stream().filter(difference -> !waivers.admits(difference)).toList();
    assertThat(unlisted.stream().map(Difference::toString).collect(Collectors.joining("\n")))
        .as("%d differences that golden-waivers.txt does not list", unlisted.size())
        .isEmpty();
    assertThat(waivers.unused()).as("listed, but there is no such difference").isEmpty();
    Set<String> unusedAdditions = new TreeSet<>();
    waivers
        .added()
        .forEach(
            (type, fields) -> fields.forEach(field -> unusedAdditions.add(type + "." + field)));
    unusedAdditions.removeAll(comparison.usedAdditions());
    assertThat(unusedAdditions).as("listed as added, but never seen").isEmpty();
  }

  @Test
  void listOfDifferencesIsInTheDocumentation() throws Exception {
    assertThat(Path.of("../../docs/compatibility.md")).hasContent(waivers.markdown());
  }

  private List<Difference> replay(CapturedServer server) throws Exception {
    AtomicLong clock = new AtomicLong(server.startedAt());
    RelaySettings settings = server.settings(keyring, folder);
    Draws draws = new Draws(server.lines(), RelaySecret.in(settings.home()));
    try (Relay relay =
        Relay.start(settings, server.log(keyring), new VerifiedEvents(), clock::get)) {
      return new Replay(server, waivers, keyring, draws, clock).play(relay.url(), comparison);
    }
  }
}
