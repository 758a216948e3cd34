package org.agentchat.schemas.message;

import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes SEARCH_SKILLS, in the protocol's order of checks.
final class SearchReader {
  private SearchReader() {}

  static ClientMessage.SearchSkills read(Fields fields) {
    SkillQuery query = SkillQuery.read(fields.get("query"));
    @Nullable String id = fields.optional("query_id", "query_id must be a string");
    if (id != null && id.length() > ClientMessageCodec.MAX_ID_CHARS) {
      throw new InvalidStatementException(
          "query_id too long (max " + ClientMessageCodec.MAX_ID_CHARS + " characters)");
    }
    return new ClientMessage.SearchSkills(query, id);
  }

  static void write(ObjectNode frame, ClientMessage.SearchSkills search) {
    frame.put("type", "SEARCH_SKILLS");
    frame.set("query", search.query().text().value());
    if (search.queryId() != null) {
      frame.put("query_id", search.queryId());
    }
  }
}
