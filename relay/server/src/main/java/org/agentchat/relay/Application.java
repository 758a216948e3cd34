package org.agentchat.relay;

/// What answers the peers: the relay's [Conversation], or whatever else is to be driven through the
/// same sockets.
@FunctionalInterface
interface Application {
  /// Takes a connection's frames and answers them until it closes. Has a virtual thread for each
  /// connection, so it may block.
  void run(Connection connection);
}
