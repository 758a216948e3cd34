package org.agentchat.relay;

/// Takes an agent whose connection ends out of everything that others see. Thread-safe, and may be
/// called again for the same connection.
final class Departures {
  private final Directory directory;
  private final Chat chat;
  private final Recall recall;

  Departures(Directory directory, Chat chat, Recall recall) {
    this.directory = directory;
    this.chat = chat;
    this.recall = recall;
  }

  void leave(Connection connection) {
    connection
        .agent()
        .ifPresent(agent -> {
          recall.end(connection, agent);
          chat.leaveAll(connection, agent);
          if (directory.remove(agent.id(), connection)) {
            chat.announcePresence(agent, "went offline");
          }
        });
  }
}
