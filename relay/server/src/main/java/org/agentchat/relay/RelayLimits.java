package org.agentchat.relay;

import java.time.Duration;
import org.agentchat.schemas.message.ClientMessageCodec;

/// A limit on everything that a client can make the relay hold or do, by theme.
///
/// @param messages chat messages of one connection
/// @param requests JOIN, LEAVE, LIST_AGENTS and SEARCH_SKILLS of one connection: one of them can
///   make the relay send a whole history, or a frame to every member
/// @param statements statements of one key, and from one network
/// @param inbox what was read from one socket but is not handled yet; then reading pauses. A
///   character counts as one byte
/// @param outbox what is not yet written to one socket; then the reader is disconnected. Far more
///   frames than chat needs, since one tick of the log's clock can end thousands of offers of one
///   party; the bytes are what really bounds the memory
/// @param replay what a channel keeps for those who join, in messages and in bytes of their frames;
///   a larger message is not kept. Fewer messages than the outbox has frames, or joining would
///   disconnect
/// @param memory what all connections together may make the process hold
public record RelayLimits(
    Sockets sockets,
    Flood flood,
    Rate messages,
    Rate requests,
    Statements statements,
    Bound inbox,
    Bound outbox,
    Bound replay,
    Membership membership,
    Waits waits,
    Memory memory) {

  /// How many sockets there are at the same time.
  ///
  /// @param all altogether
  /// @param perAddress from one IP address
  public record Sockets(int all, int perAddress) {}

  /// How many frames a connection may send in a sliding window; one more closes it (1008).
  ///
  /// @param strangers frames of a connection that is not identified yet
  /// @param strangersBytes the largest frame of such a connection
  /// @param agents frames of an identified connection
  public record Flood(int strangers, int strangersBytes, int agents, Duration window) {}

  /// How often something may be done.
  ///
  /// @param perSecond sustained
  /// @param burst at once
  public record Rate(double perSecond, int burst) {
    /// As good as no limit.
    public static final Rate UNLIMITED = new Rate(1e9, Integer.MAX_VALUE);
  }

  /// How often statements may be made.
  ///
  /// @param perKey by one key, over however many connections
  /// @param perNetwork by all keys from one IPv4 address or one IPv6 /64
  public record Statements(Rate perKey, Rate perNetwork) {
    /// As good as no limit.
    public static final Statements UNLIMITED = new Statements(Rate.UNLIMITED, Rate.UNLIMITED);

    /// So many a minute, half of them at once; 0: no limit.
    public static Statements perMinute(int ofKey, int ofNetwork) {
      return new Statements(rate(ofKey), rate(ofNetwork));
    }

    private static Rate rate(int perMinute) {
      return perMinute == 0
          ? Rate.UNLIMITED
          : new Rate(perMinute / 60.0, Math.max(1, perMinute / 2));
    }
  }

  /// How much may be kept, in both measures.
  ///
  /// @param frames at the most
  /// @param bytes at the most
  public record Bound(int frames, long bytes) {}

  /// How large channels are.
  ///
  /// @param perChannel agents in one channel
  /// @param perAgent channels that one connection may be in
  public record Membership(int perChannel, int perAgent) {}

  /// How much of the heap frames may take, of all connections together, in bytes. Each connection's
  /// own bounds say what one may cost the others; these keep the process alive when hundreds go to
  /// their bounds at once.
  ///
  /// @param small received and not handled, each of at most 4 KiB
  /// @param medium the same, each of at most 64 KiB; more than 64 KiB in all
  /// @param large the same, of those that are larger; more than 2 MiB in all
  /// @param outgoing not yet written
  public record Memory(long small, long medium, long large, long outgoing) {
    /// A quarter of the heap for what comes in and a quarter for what goes out: handling a frame
    /// takes a few times its size, and the log, the fold and the embedded broker want their part.
    public static Memory of(long heap) {
      return new Memory(
          heap / 16, heap / 16, Math.max(heap / 8, 2L * ClientMessageCodec.MAX_FRAME), heap / 4);
    }

    /// @throws IllegalArgumentException if a frame of the kind finds no room at all
    public Memory {
      if (small < 1 || medium < IncomingRoom.MEDIUM || large < ClientMessageCodec.MAX_FRAME) {
        throw new IllegalArgumentException(
            "memory for frames: room for one of each kind wanted, found "
                + small
                + ", "
                + medium
                + ", "
                + large);
      }
    }
  }

  /// How long the relay waits for what.
  ///
  /// @param identify how long a connection may stay unidentified
  /// @param challenge how long a challenge may be answered
  /// @param ping how often the relay pings a connection
  /// @param silence how long a connection may be silent, pongs included
  /// @param answer how long a statement may take to be durable and applied
  public record Waits(
      Duration identify, Duration challenge, Duration ping, Duration silence, Duration answer) {

    /// The same with another time for challenges; a connection then has at least as long to say who
    /// it is.
    public Waits withChallenge(Duration time) {
      Duration longest = identify.compareTo(time) < 0 ? time : identify;
      return new Waits(longest, time, ping, silence, answer);
    }
  }

  /// @throws IllegalArgumentException if `replay` is negative or not below `outbox`
  public RelayLimits {
    if (replay.frames() < 0 || replay.frames() >= outbox.frames()) {
      throw new IllegalArgumentException(
          "replayed messages: 0 to " + (outbox.frames() - 1) + " wanted, found " + replay.frames());
    }
  }

  /// What a public relay wants.
  public static RelayLimits defaults() {
    return new RelayLimits(
        new Sockets(10_000, 1_024),
        new Flood(10, 16 * 1024, 60, Duration.ofSeconds(10)),
        new Rate(1, 10),
        new Rate(2, 20),
        Statements.perMinute(120, 1_200),
        new Bound(64, 4L * 1024 * 1024),
        new Bound(8_192, 8L * 1024 * 1024),
        new Bound(200, 1024L * 1024),
        new Membership(10_000, 64),
        new Waits(
            Duration.ofMinutes(2),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(70),
            Duration.ofSeconds(15)),
        Memory.of(Runtime.getRuntime().maxMemory()));
  }

  /// The same without rate limits: for benchmarks and trusted networks only.
  public RelayLimits unmetered() {
    int none = Integer.MAX_VALUE;
    return with(new Sockets(sockets.all(), none))
        .with(new Flood(none, flood.strangersBytes(), none, flood.window()))
        .withRates(Rate.UNLIMITED, Rate.UNLIMITED)
        .with(Statements.UNLIMITED);
  }

  /// The same with another number of sockets.
  public RelayLimits with(Sockets other) {
    return new RelayLimits(
        other,
        flood,
        messages,
        requests,
        statements,
        inbox,
        outbox,
        replay,
        membership,
        waits,
        memory);
  }

  /// The same with another number of frames in a window.
  public RelayLimits with(Flood other) {
    return new RelayLimits(
        sockets,
        other,
        messages,
        requests,
        statements,
        inbox,
        outbox,
        replay,
        membership,
        waits,
        memory);
  }

  /// The same with other times.
  public RelayLimits with(Waits other) {
    return new RelayLimits(
        sockets,
        flood,
        messages,
        requests,
        statements,
        inbox,
        outbox,
        replay,
        membership,
        other,
        memory);
  }

  /// The same with other rates of statements.
  public RelayLimits with(Statements other) {
    return new RelayLimits(
        sockets,
        flood,
        messages,
        requests,
        other,
        inbox,
        outbox,
        replay,
        membership,
        waits,
        memory);
  }

  /// The same with another share of the heap.
  public RelayLimits with(Memory other) {
    return new RelayLimits(
        sockets,
        flood,
        messages,
        requests,
        statements,
        inbox,
        outbox,
        replay,
        membership,
        waits,
        other);
  }

  /// The same with other rates.
  public RelayLimits withRates(Rate ofMessages, Rate ofRequests) {
    return new RelayLimits(
        sockets,
        flood,
        ofMessages,
        ofRequests,
        statements,
        inbox,
        outbox,
        replay,
        membership,
        waits,
        memory);
  }

  /// The same with another number of kept messages.
  ///
  /// @throws IllegalArgumentException if there are too many
  public RelayLimits withReplay(int frames) {
    Bound kept = new Bound(frames, replay.bytes());
    return new RelayLimits(
        sockets,
        flood,
        messages,
        requests,
        statements,
        inbox,
        outbox,
        kept,
        membership,
        waits,
        memory);
  }

  /// The same with another number of sockets from one address: behind a proxy all have the same.
  public RelayLimits withConnectionsPerAddress(int count) {
    return with(new Sockets(sockets.all(), count));
  }

  /// The same with another largest frame before identity, in bytes.
  public RelayLimits withFrameBytesBeforeIdentity(int bytes) {
    return with(new Flood(flood.strangers(), bytes, flood.agents(), flood.window()));
  }
}
