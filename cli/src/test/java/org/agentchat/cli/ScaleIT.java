package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.channels.Selector;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Many agents at once: nobody who keeps up loses anything. How fast it goes is not a test's to
/// say.
@Tag("scale")
final class ScaleIT {
  private static final int AGENTS = 10_000;
  private static final int MEMBERS = 2_000;
  private static final int MESSAGES = 200;

  /// Sockets, and what a JVM with a broker in it has open beside them.
  private static final int FILES = AGENTS + 1_000;

  /// More than the relay keeps for one reader, 8 MiB, and than the system does, some MiB.
  private static final int DEAF_MESSAGES = 64;

  private static final int DEAF_MESSAGE_CHARS = 1_000_000;

  /// The end of a close frame: 1013 and a reason (RFC 6455 section 5.5.1).
  private static final String TOO_SLOW = "\u0003\u00f5TOO_SLOW: read faster or resume";

  @Test
  void tenThousandAgentsAreLetInAndAnswered() {
    assumeTrue(maxFiles() >= FILES, () -> FILES + " open files wanted, allowed " + maxFiles());
    Commands.Ran ran =
        Commands.run(
            "bench", "crowd", "--agents", Integer.toString(AGENTS), "--seconds", "2", "--json");

    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    JsonNode report = Json.parse(ran.out());
    System.out.println("10,000 agents: " + report);
    assertThat(report.path("welcomed").intValue()).isEqualTo(AGENTS);
    assertThat(report.path("answered").intValue()).isEqualTo(AGENTS);
    assertThat(report.path("ended").intValue()).isZero();
  }

  private static long maxFiles() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  @Test
  void deafMemberIsEvictedAndTwoThousandOthersHearEverything() throws Exception {
    try (ServerProcess server = ServerProcess.start(List.of());
        Selector selector = Selector.open();
        Assembly assembly = new Assembly(server.uri(), selector)) {
      assembly.join(MEMBERS);
      // Not before: who answers no ping for 70 seconds is cut off without a word.
      assembly.joinDeaf();

      for (int i = 0; i < MESSAGES / 2; i++) {
        assembly.talk();
      }
      for (int i = 0; i < DEAF_MESSAGES && !assembly.hasDeafLeft(); i++) {
        assembly.talkToDeaf("x".repeat(DEAF_MESSAGE_CHARS));
        assembly.talk();
      }
      assertThat(assembly.farewellToDeaf()).endsWith(TOO_SLOW);
      for (int i = 0; i < MESSAGES / 2; i++) {
        assembly.talk();
      }

      assertThat(assembly.complaints()).isEmpty();
      assertThat(assembly.heardByAll()).isEqualTo(assembly.said()).isGreaterThanOrEqualTo(MESSAGES);
    }
  }
}
