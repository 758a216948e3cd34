package org.agentchat.relay;

import java.time.Duration;

/// What chat may do on a relay, and how much of everything it may make the relay hold. What is not
/// said here is in [RelayLimits].
///
/// @param channels who may make channels, and how many
/// @param signals frames around the chat
/// @param floor who answers whom
/// @param direct messages and files from one agent to another
/// @param verifications proofs between agents
/// @param callbacks what the relay says again later
/// @param idle what the relay says in channels that fell silent
/// @param repeats messages that are known again
public record ChatRules(
    ChannelRules channels,
    SignalRules signals,
    FloorRules floor,
    DirectRules direct,
    VerificationRules verifications,
    CallbackRules callbacks,
    IdleRules idle,
    RepeatRules repeats) {

  /// Channels.
  ///
  /// @param autoJoin whether an agent hears every open channel at once, without history; default
  ///   off: it joins what it wants
  /// @param verifiedCreate whether only agents that an operator vouches for may create channels;
  ///   default off
  /// @param privateChannels whether there may be invite-only channels; default on
  /// @param created channels that agents created, at the same time; beyond it the one that is empty
  ///   for longest makes room, if any is; default 1,000
  /// @param createdPerAgent channels that one agent created, at the same time; default 10
  /// @param emptyFor how long a created channel may be empty before it is forgotten; default 1 hour
  /// @param invitations agents invited to one channel; the first are forgotten beyond; default 256
  public record ChannelRules(
      boolean autoJoin,
      boolean verifiedCreate,
      boolean privateChannels,
      int created,
      int createdPerAgent,
      Duration emptyFor,
      int invitations) {
    /// What a public relay wants.
    public static ChannelRules defaults() {
      return new ChannelRules(false, false, true, 1_000, 10, Duration.ofHours(1), 256);
    }
  }

  /// Presence, nicks, typing, the floor, new channels, invitations, verifications: each can become
  /// a frame to every member.
  ///
  /// @param perSecond frames that a connection may send, sustained; default 4
  /// @param burst how many of them it may send at once; default 20
  /// @param nickEvery how often a connection may take another nick; default 30 s
  public record SignalRules(double perSecond, int burst, Duration nickEvery) {
    /// @throws IllegalArgumentException if the rate is not positive
    public SignalRules {
      if (!(perSecond > 0) || burst < 1) {
        throw new IllegalArgumentException(
            "signals: a positive rate wanted, found " + perSecond + "/s, burst " + burst);
      }
    }

    /// What a public relay wants.
    public static SignalRules defaults() {
      return new SignalRules(4, 20, Duration.ofSeconds(30));
    }
  }

  /// The floor (protocol.md section 13).
  ///
  /// @param claimFor how long a claim holds, and how far back it may say that it began; default 45
  ///   s
  /// @param claims claims in one channel at the same time; the first are dropped beyond; default 64
  /// @param claimsPerAgent those of one agent; default 8
  public record FloorRules(Duration claimFor, int claims, int claimsPerAgent) {
    /// What a public relay wants.
    public static FloorRules defaults() {
      return new FloorRules(Duration.ofSeconds(45), 64, 8);
    }
  }

  /// Messages and files from one agent to another (protocol.md section 8.7).
  ///
  /// @param allowed whether there are any; default on
  /// @param after how long a connection must be open before it may send an agent a message or a
  ///   piece of a file; default 0
  /// @param chunkEvery how often a piece of a file may be sent, sustained, each started 128 KiB
  ///   counting as one; default 100 ms
  /// @param chunkBurst pieces that may be sent at once; default 20
  public record DirectRules(boolean allowed, Duration after, Duration chunkEvery, int chunkBurst) {
    /// @throws IllegalArgumentException if a rate is not positive
    public DirectRules {
      if (chunkEvery.toMillis() < 1 || chunkBurst < 1) {
        throw new IllegalArgumentException(
            "pieces of files: at least 1 ms apart and a burst of 1 wanted, found "
                + chunkEvery
                + ", burst "
                + chunkBurst);
      }
    }

    /// What a public relay wants.
    public static DirectRules defaults() {
      return new DirectRules(true, Duration.ZERO, Duration.ofMillis(100), 20);
    }
  }

  /// Proofs between agents (protocol.md section 9).
  ///
  /// @param within how long a request may be answered; default 30 s
  /// @param perAgent requests of one agent that wait; default 16
  /// @param inAll those of everybody; default 10,000
  public record VerificationRules(Duration within, int perAgent, int inAll) {
    /// What a public relay wants.
    public static VerificationRules defaults() {
      return new VerificationRules(Duration.ofSeconds(30), 16, 10_000);
    }
  }

  /// Callbacks (protocol.md section 14).
  ///
  /// @param longest a longer delay is shortened to it; default 1 hour
  /// @param perAgent callbacks of one connection that wait; those beyond are dropped; default 50
  /// @param inAll those of everybody; default 100,000, which hold 100 MB at the most
  /// @param payloadChars a longer payload is dropped; default 500
  public record CallbackRules(Duration longest, int perAgent, int inAll, int payloadChars) {
    /// What a public relay wants.
    public static CallbackRules defaults() {
      return new CallbackRules(Duration.ofHours(1), 50, 100_000, 500);
    }
  }

  /// What the relay says in channels that fell silent (protocol.md section 8.6).
  ///
  /// @param prompts whether it says anything; default on
  /// @param after how long a channel with at least two agents must be silent; default 1 hour
  public record IdleRules(boolean prompts, Duration after) {
    /// What a public relay wants.
    public static IdleRules defaults() {
      return new IdleRules(true, Duration.ofHours(1));
    }
  }

  /// Sent messages that are known again by their `client_msg_id`.
  ///
  /// @param lasting how long; default 10 minutes
  /// @param perAgent the last so many of one agent; default 256
  /// @param inAll the last so many of everybody; default 50,000, which hold 30 MB at the most
  public record RepeatRules(Duration lasting, int perAgent, int inAll) {
    /// What a public relay wants.
    public static RepeatRules defaults() {
      return new RepeatRules(Duration.ofMinutes(10), 256, 50_000);
    }
  }

  /// What a public relay wants.
  public static ChatRules defaults() {
    return new ChatRules(
        ChannelRules.defaults(),
        SignalRules.defaults(),
        FloorRules.defaults(),
        DirectRules.defaults(),
        VerificationRules.defaults(),
        CallbackRules.defaults(),
        IdleRules.defaults(),
        RepeatRules.defaults());
  }

  /// The same with other rules for channels.
  public ChatRules with(ChannelRules other) {
    return new ChatRules(other, signals, floor, direct, verifications, callbacks, idle, repeats);
  }

  /// The same with other rules for frames around the chat.
  public ChatRules with(SignalRules other) {
    return new ChatRules(channels, other, floor, direct, verifications, callbacks, idle, repeats);
  }

  /// The same with other rules for direct messages.
  public ChatRules with(DirectRules other) {
    return new ChatRules(channels, signals, floor, other, verifications, callbacks, idle, repeats);
  }

  /// The same with other rules for silent channels.
  public ChatRules with(IdleRules other) {
    return new ChatRules(
        channels, signals, floor, direct, verifications, callbacks, other, repeats);
  }
}
