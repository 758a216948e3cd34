package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchCommandTest {
  @Test
  void saysWhatCanBeMeasured() {
    Commands.Ran ran = Commands.run("bench");

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains("deals, fanout, crowd or audit");
  }

  @ParameterizedTest
  @CsvSource({
    "deals --pairs 0, --pairs: 1 to 2000 wanted",
    "deals --rate 0, --rate: above 0 wanted",
    "deals --rate NaN, --rate: above 0 wanted",
    "deals --seconds 0, --seconds: 1 to 600 wanted",
    "deals --warm-up -1, --warm-up: 0 to 600 wanted",
    "deals --url http://localhost, --url: ws://host:port or wss://host:port wanted",
    "deals --url ws://localhost:1 --kafka localhost:9092, --kafka and --no-fsync are for our own",
    "fanout --receivers 0, --receivers: 1 to 5000 wanted",
    "fanout --senders 101, --senders: 1 to 100 wanted",
    "fanout --bytes 39, --bytes: 40 to 65536 wanted",
    "crowd --agents 0, --agents: 1 to 15000 wanted",
    "fanout --url wss://localhost:1, '--url: ws://, without TLS, wanted'",
  })
  void argumentsThatMakeNoSenseAreRefusedBeforeAnythingStarts(String arguments, String complaint) {
    Commands.Ran ran = Commands.run(("bench " + arguments).split(" "));

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).contains(complaint);
    assertThat(ran.out()).isEmpty();
  }
}
