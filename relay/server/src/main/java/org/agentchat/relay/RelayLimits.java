package org.agentchat.relay;

import java.time.Duration;

/// A limit on everything that a client can make the relay hold or do.
///
/// @param connections sockets at the same time
/// @param connectionsPerAddress sockets from one IP address at the same time
/// @param framesBeforeIdentity frames of an unidentified connection within `floodWindow`
/// @param frameBytesBeforeIdentity the largest frame of an unidentified connection
/// @param frames frames of an identified connection within `floodWindow`; more closes it (1008)
/// @param floodWindow the sliding window of both
/// @param messagesPerSecond chat messages a connection may send, sustained
/// @param messageBurst chat messages that it may send at once
/// @param requestsPerSecond JOIN, LEAVE and LIST_AGENTS that a connection may send, sustained: one
///   of them can make the relay send a whole history, or a frame to every member
/// @param requestBurst how many of them it may send at once
/// @param inboxFrames frames read from a socket but not handled yet; then reading pauses
/// @param inboxBytes the same in bytes; a character counts as one
/// @param outboxFrames frames not yet written to a socket; then the reader is disconnected. Far
///   more than chat needs, since one tick of the log's clock can end thousands of offers of one
///   party
/// @param outboxBytes the same in bytes: what really bounds the memory
/// @param replay messages that a channel keeps for those who join; fewer than `outboxFrames`, or
///   joining would disconnect
/// @param replayBytes the same in bytes of their frames; a larger message is not kept
/// @param channelMembers agents in one channel
/// @param channelsPerAgent channels that one connection may be in
/// @param identifyWithin how long a connection may stay unidentified
/// @param challengeFor how long a challenge may be answered
/// @param pingEvery how often the relay pings a connection
/// @param silenceFor how long a connection may be silent, pongs included
/// @param answerWithin how long a statement may take to be durable and applied
public record RelayLimits(
    int connections,
    int connectionsPerAddress,
    int framesBeforeIdentity,
    int frameBytesBeforeIdentity,
    int frames,
    Duration floodWindow,
    double messagesPerSecond,
    int messageBurst,
    double requestsPerSecond,
    int requestBurst,
    int inboxFrames,
    long inboxBytes,
    int outboxFrames,
    long outboxBytes,
    int replay,
    long replayBytes,
    int channelMembers,
    int channelsPerAgent,
    Duration identifyWithin,
    Duration challengeFor,
    Duration pingEvery,
    Duration silenceFor,
    Duration answerWithin) {

  /// @throws IllegalArgumentException if `replay` is negative or not below `outboxFrames`
  public RelayLimits {
    if (replay < 0 || replay >= outboxFrames) {
      throw new IllegalArgumentException(
          "replayed messages: 0 to " + (outboxFrames - 1) + " wanted, found " + replay);
    }
  }

  /// What a public relay wants.
  public static RelayLimits defaults() {
    return new RelayLimits(
        10_000,
        1_024,
        10,
        16 * 1024,
        60,
        Duration.ofSeconds(10),
        1,
        10,
        2,
        20,
        64,
        4L * 1024 * 1024,
        8_192,
        8L * 1024 * 1024,
        200,
        1024L * 1024,
        10_000,
        64,
        Duration.ofMinutes(2),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(70),
        Duration.ofSeconds(15));
  }

  /// The same without rate limits: for benchmarks and trusted networks only.
  public RelayLimits unmetered() {
    return new RelayLimits(
        connections,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        frameBytesBeforeIdentity,
        Integer.MAX_VALUE,
        floodWindow,
        1e9,
        Integer.MAX_VALUE,
        1e9,
        Integer.MAX_VALUE,
        inboxFrames,
        inboxBytes,
        outboxFrames,
        outboxBytes,
        replay,
        replayBytes,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }

  /// The same with another number of kept messages.
  ///
  /// @throws IllegalArgumentException if there are too many
  public RelayLimits withReplay(int messages) {
    return new RelayLimits(
        connections,
        connectionsPerAddress,
        framesBeforeIdentity,
        frameBytesBeforeIdentity,
        frames,
        floodWindow,
        messagesPerSecond,
        messageBurst,
        requestsPerSecond,
        requestBurst,
        inboxFrames,
        inboxBytes,
        outboxFrames,
        outboxBytes,
        messages,
        replayBytes,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }

  /// The same with another number of sockets from one address: behind a proxy all have the same.
  public RelayLimits withConnectionsPerAddress(int sockets) {
    return new RelayLimits(
        connections,
        sockets,
        framesBeforeIdentity,
        frameBytesBeforeIdentity,
        frames,
        floodWindow,
        messagesPerSecond,
        messageBurst,
        requestsPerSecond,
        requestBurst,
        inboxFrames,
        inboxBytes,
        outboxFrames,
        outboxBytes,
        replay,
        replayBytes,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }

  /// The same with another largest frame before identity, in bytes.
  public RelayLimits withFrameBytesBeforeIdentity(int bytes) {
    return new RelayLimits(
        connections,
        connectionsPerAddress,
        framesBeforeIdentity,
        bytes,
        frames,
        floodWindow,
        messagesPerSecond,
        messageBurst,
        requestsPerSecond,
        requestBurst,
        inboxFrames,
        inboxBytes,
        outboxFrames,
        outboxBytes,
        replay,
        replayBytes,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }
}
