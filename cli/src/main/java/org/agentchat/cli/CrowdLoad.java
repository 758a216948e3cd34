package org.agentchat.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.jspecify.annotations.Nullable;

/// Many agents who connect, say who they are, stay, and then ask once each whether the server is
/// there; all on one thread.
///
/// @param stay how long they say nothing, but answer the server's pings
record CrowdLoad(int agents, Duration stay) {
  /// They hear a welcome and a pong.
  private static final int BUFFER_BYTES = 1024;

  /// Connections or questions between two looks at what has come.
  private static final int STEP = 50;

  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(1);

  /// What came out.
  ///
  /// @param welcomed agents whom the server let in
  /// @param connectSeconds until the last of them was
  /// @param idleCpuPercent of one core; null when it is not known
  /// @param answered agents whose question was answered
  /// @param ended connections that the server ended
  /// @param footprint of the server with all of them
  record Result(
      long welcomed,
      double connectSeconds,
      @Nullable Double idleCpuPercent,
      long answered,
      Latencies.Quantiles answer,
      long ended,
      BenchServer.@Nullable Footprint footprint) {}

  /// Connects everybody and asks.
  Result run(BenchServer server) throws IOException {
    try (Selector selector = Selector.open();
        Run run = new Run(selector)) {
      long begin = System.nanoTime();
      run.connect(server.uri());
      double seconds = (System.nanoTime() - begin) / 1e9;
      CpuMeter meter = new CpuMeter(server);
      run.stay();
      @Nullable Double micros = meter.cost(stay.toSeconds()).server();
      BenchServer.@Nullable Footprint footprint = server.footprint();
      run.ask();
      return new Result(
          run.welcomed,
          seconds,
          micros == null ? null : micros / 1e4,
          run.latencies.count(),
          run.latencies.quantiles(),
          run.ended,
          footprint);
    }
  }

  /// One agent.
  private static final class Member {
    private final BenchSocket socket;
    private long askedAt;

    Member(BenchSocket socket) {
      this.socket = socket;
    }
  }

  /// One run: who is connected, and what was counted.
  private final class Run implements AutoCloseable {
    private final Selector selector;
    private final List<Member> members = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private long welcomed;
    private long ended;

    Run(Selector selector) {
      this.selector = selector;
    }

    void connect(URI relay) throws IOException {
      for (int i = 0; i < agents; i++) {
        Member member = new Member(BenchSocket.connect(relay, BUFFER_BYTES));
        members.add(member);
        member.socket.unblock();
        member.socket.channel().register(selector, SelectionKey.OP_READ, member);
        say(member, new ClientMessage.Identify("crowd-" + i, null));
        if (i % STEP == 0) {
          look();
        }
      }
      await(run -> run.welcomed);
    }

    private static void say(Member member, ClientMessage message) throws IOException {
      member.socket.send(Json.text(ClientMessageCodec.encode(message)));
    }

    /// Waits until that counts everybody who is still there.
    private void await(ToLongFunction<Run> count) throws IOException {
      long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
      while (count.applyAsLong(this) < agents - ended && System.nanoTime() - deadline < 0) {
        look();
      }
    }

    void stay() throws IOException {
      long until = System.nanoTime() + stay.toNanos();
      while (System.nanoTime() - until < 0) {
        look();
      }
    }

    void ask() throws IOException {
      for (int i = 0; i < agents; i++) {
        Member member = members.get(i);
        if (member.socket.channel().isOpen()) {
          member.askedAt = System.nanoTime();
          say(member, new ClientMessage.Ping());
        }
        if (i % STEP == 0) {
          look();
        }
      }
      await(run -> run.latencies.count());
    }

    private void look() throws IOException {
      selector.select(key -> read((Member) key.attachment()), LOOK.toMillis());
    }

    private void read(Member member) {
      try {
        member.socket.read((_, payload, offset, length) -> heard(member, payload, offset, length));
      } catch (IOException _) {
        ended++;
        close(member);
      }
    }

    private void heard(Member member, byte[] payload, int offset, int length) {
      String type =
          Json.parse(new String(payload, offset, length, StandardCharsets.UTF_8))
              .path("type")
              .asString("");
      switch (type) {
        case "WELCOME" -> welcomed++;
        case "PONG" -> latencies.add(System.nanoTime() - member.askedAt);
        default -> {}
      }
    }

    private static void close(Member member) {
      try {
        member.socket.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }

    @Override
    public void close() {
      members.forEach(Run::close);
    }
  }
}
