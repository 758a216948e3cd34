package org.agentchat.relay;

import java.time.Duration;

/// A limit on everything that a client can make the relay hold or do.
///
/// @param connections sockets at the same time
/// @param framesBeforeIdentity frames of an unidentified connection within `floodWindow`
/// @param frames frames of an identified connection within `floodWindow`; more closes it (1008)
/// @param floodWindow the sliding window of both
/// @param messagesPerSecond chat messages a connection may send, sustained
/// @param messageBurst chat messages that it may send at once
/// @param inboxFrames frames read from a socket but not handled yet; then reading pauses
/// @param outboxFrames frames not yet written to a socket; then the reader is disconnected
/// @param outboxBytes the same in bytes
/// @param replay messages that a channel keeps for those who join
/// @param channelMembers agents in one channel
/// @param channelsPerAgent channels that one connection may be in
/// @param identifyWithin how long a connection may stay unidentified
/// @param challengeFor how long a challenge may be answered
/// @param pingEvery how often the relay pings a connection
/// @param silenceFor how long a connection may be silent, pongs included
/// @param answerWithin how long a statement may take to be durable and applied
public record RelayLimits(
    int connections,
    int framesBeforeIdentity,
    int frames,
    Duration floodWindow,
    double messagesPerSecond,
    int messageBurst,
    int inboxFrames,
    int outboxFrames,
    long outboxBytes,
    int replay,
    int channelMembers,
    int channelsPerAgent,
    Duration identifyWithin,
    Duration challengeFor,
    Duration pingEvery,
    Duration silenceFor,
    Duration answerWithin) {

  /// What a public relay wants.
  public static RelayLimits defaults() {
    return new RelayLimits(
        10_000,
        10,
        60,
        Duration.ofSeconds(10),
        1,
        10,
        64,
        1_024,
        8L * 1024 * 1024,
        200,
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
        floodWindow,
        1e9,
        Integer.MAX_VALUE,
        inboxFrames,
        outboxFrames,
        outboxBytes,
        replay,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }

  /// The same with another number of kept messages.
  public RelayLimits withReplay(int messages) {
    return new RelayLimits(
        connections,
        framesBeforeIdentity,
        frames,
        floodWindow,
        messagesPerSecond,
        messageBurst,
        inboxFrames,
        outboxFrames,
        outboxBytes,
        messages,
        channelMembers,
        channelsPerAgent,
        identifyWithin,
        challengeFor,
        pingEvery,
        silenceFor,
        answerWithin);
  }
}
