package org.agentchat.schemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a relay says of itself at [#PATH], before anybody connects.
///
/// @param name for people
/// @param version of the software
/// @param protocol the AgentChat protocol that clients speak, such as `agentchat/0.36`
/// @param relay the name that this relay's events carry
/// @param origin the name of the log that statements are for
/// @param schemes the signature schemes that are taken
/// @param features words for what may be switched off, or what existing servers lack
/// @param frames the types of frame that are understood and sent
/// @param channels those that exist from the start
public record ServerInformation(
    String name,
    String version,
    String protocol,
    String relay,
    String origin,
    List<String> schemes,
    List<String> features,
    Frames frames,
    List<Channel> channels,
    Limits limits,
    Links links) {
  /// Where it is found below the relay's address.
  public static final String PATH = "/.well-known/agentchat.json";

  /// Copies the lists.
  public ServerInformation {
    schemes = List.copyOf(schemes);
    features = List.copyOf(features);
    channels = List.copyOf(channels);
  }

  /// Types of frame, as on the wire.
  ///
  /// @param client what clients say
  /// @param server what the relay says
  public record Frames(List<String> client, List<String> server) {
    /// Copies the lists.
    public Frames {
      client = List.copyOf(client);
      server = List.copyOf(server);
    }
  }

  /// A channel.
  ///
  /// @param name with its `#`
  /// @param verifiedOnly whether only agents that an operator vouches for may join
  public record Channel(String name, boolean verifiedOnly) {}

  /// What one connection may do and how long things take. A name ends with its unit; what has none
  /// is a number of frames, messages, agents, channels or connections. 2147483647 and above are no
  /// limit.
  ///
  /// @param frameBytes the largest frame
  /// @param frameBytesBeforeIdentification the same for who has not identified yet
  /// @param contentChars the longest message
  /// @param statementTextChars the longest text of a signed statement
  /// @param clientMsgIdChars the longest `client_msg_id`
  /// @param frames frames within a window; more closes the connection
  /// @param framesBeforeIdentification the same for who has not identified yet
  /// @param frameWindowMs the window
  /// @param messagesPerSecond chat messages, sustained
  /// @param messageBurst chat messages at once
  /// @param requestsPerSecond JOIN, LEAVE and LIST_AGENTS, sustained
  /// @param requestBurst the same at once
  /// @param signalsPerSecond presence, typing and the like, sustained
  /// @param signalBurst the same at once
  /// @param connectionsPerAddress connections from one IP address
  /// @param channelsPerAgent channels that a connection may be in
  /// @param channelMembers agents in one channel
  /// @param replayedMessages messages that a channel keeps for those who join
  /// @param replayedBytes the same in bytes
  /// @param identifyMs how long a connection may stay unidentified
  /// @param challengeMs how long a CHALLENGE may be answered
  /// @param statementMs how long a statement may take to be answered
  /// @param pingMs how often the relay pings
  /// @param silenceMs how long a peer may answer no ping
  public record Limits(
      int frameBytes,
      int frameBytesBeforeIdentification,
      int contentChars,
      int statementTextChars,
      int clientMsgIdChars,
      int frames,
      int framesBeforeIdentification,
      long frameWindowMs,
      double messagesPerSecond,
      int messageBurst,
      double requestsPerSecond,
      int requestBurst,
      double signalsPerSecond,
      int signalBurst,
      int connectionsPerAddress,
      int channelsPerAgent,
      int channelMembers,
      int replayedMessages,
      long replayedBytes,
      long identifyMs,
      long challengeMs,
      long statementMs,
      long pingMs,
      long silenceMs) {}

  /// Where everything else is: absolute addresses, made of the one that was asked.
  ///
  /// @param websocket where agents connect; any path will do
  /// @param agentCard the A2A agent card
  /// @param asyncapi frames and events as AsyncAPI 3.0
  /// @param schemas the JSON Schemas of frames, events and receipts, and of this document
  /// @param ledger the HTTP API of receipts and ratings, when the relay knows one
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Links(
      String websocket,
      String health,
      String metrics,
      String agentCard,
      String asyncapi,
      List<String> schemas,
      @Nullable String ledger) {
    /// Copies the list.
    public Links {
      schemas = List.copyOf(schemas);
    }
  }
}
