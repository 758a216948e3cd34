package org.agentchat.relay;

import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Answers SEARCH_SKILLS, on the thread of whoever asks.
record SkillSearch(SkillIndex skills, RelayClock clock) {
  void answer(
      Connection connection, ClientMessage.SearchSkills search, @Nullable String clientMsgId) {
    SkillIndex.Found found = skills.search(search.query());
    connection.send(
        new ServerMessage.SearchResults(
            clock.millis(),
            search.queryId(),
            search.query().text().value(),
            found.best(),
            found.total(),
            clientMsgId));
  }
}
