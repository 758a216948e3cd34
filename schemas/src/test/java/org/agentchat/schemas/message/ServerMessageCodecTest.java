package org.agentchat.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.Vectors;
import org.agentchat.schemas.Vectors.Captured;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ServerMessageCodecTest {
  @Test
  void everyCapturedFrameIsRead() {
    List<String> unread = new ArrayList<>();
    for (Captured captured : Vectors.capturedFrames()) {
      if (!captured.fromClient()) {
        try {
          ServerMessageCodec.decode(captured.text());
        } catch (IllegalArgumentException e) {
          unread.add(captured.text());
        }
      }
    }
    // An amount that is no number, and the ratings that it spoiled: the reference let them pass.
    assertThat(unread)
        .hasSize(6)
        .allMatch(text -> text.contains("\"amount\":\"abc\"") || text.contains("\"change\":null"));
  }

  /// Read and written again, a captured frame has the same fields in the same order, those apart
  /// that are not ours.
  @Test
  void capturedFramesKeepTheirFieldsAndOrder() {
    int compared = 0;
    for (Captured captured : Vectors.capturedFrames()) {
      if (!captured.fromClient()
          && !captured.text().contains("\"abc\"")
          && !captured.text().contains("\"change\":null")) {
        ServerMessage message = ServerMessageCodec.decode(captured.text());
        if (!(message instanceof ServerMessage.Unknown)) {
          JsonNode again = Json.parse(ServerMessageCodec.encode(message));
          List<String> before = new ArrayList<>(captured.frame().propertyNames());
          List<String> after = new ArrayList<>(again.propertyNames());
          List<String> lost = new ArrayList<>(before);
          lost.removeAll(after);
          assertThat(lost).as(captured.text()).isSubsetOf("lurk", "lurk_until", "lurk_reason");
          before.removeAll(lost);
          after.retainAll(before);
          assertThat(after).as(captured.text()).containsExactlyElementsOf(before);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(200);
  }

  @Test
  void creatorOfAChannelIsNamedByItsIdAlone() {
    AgentId creator = AgentId.of("@7e9afef349c4a844");
    ServerMessage.Joined joined =
        new ServerMessage.Joined(
            1795223292940L,
            "#priv",
            List.of(new ServerMessage.Member(creator, "owner", true)),
            null);
    String captured =
        "{\"type\":\"JOINED\",\"ts\":1795223292940,\"channel\":\"#priv\",\"agents\":[\"@7e9afef349c4a844\"]}";

    assertThat(ServerMessageCodec.encodeCreated(joined)).isEqualTo(captured);
    assertThat(((ServerMessage.Joined) ServerMessageCodec.decode(captured)).agents())
        .extracting(ServerMessage.Member::id)
        .containsExactly(creator);
  }

  @Test
  void unknownTypeIsUnknown() {
    assertThat(ServerMessageCodec.decode("{\"type\":\"NEWS\",\"ts\":5,\"x\":[]}"))
        .isEqualTo(new ServerMessage.Unknown(5));
    assertThat(ServerMessageCodec.decode("{\"type\":\"PONG\",\"ts\":5,\"more\":{}}"))
        .isEqualTo(new ServerMessage.Pong(5, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "5",
        "\"x\"",
        "x",
        "{",
        "{\"type\":\"PONG\",\"ts\":\"x\"}",
        "{\"type\":\"PONG\",\"ts\":{}}",
        "{\"type\":\"PONG\",\"ts\":1e999999999}",
        "{\"type\":\"MSG\",\"ts\":1,\"from\":5}",
        "{\"type\":\"MSG\",\"ts\":1,\"from\":\"nobody\"}",
        "{\"type\":\"MSG\",\"ts\":1,\"from\":\"@a\",\"sig_ts\":1e-319}",
        "{\"type\":\"PONG\",\"ts\":1,\"ts\":2}",
      })
  void whatIsNoFrameIsRefused(String text) {
    assertThatThrownBy(() -> ServerMessageCodec.decode(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A value of a record is never null where the record does not say so.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"MSG\",\"ts\":1}",
        "{\"type\":\"WELCOME\",\"ts\":1}",
        "{\"type\":\"JOINED\",\"ts\":1}",
        "{\"type\":\"JOINED\",\"ts\":1,\"channel\":\"#a\",\"agents\":[null]}",
        "{\"type\":\"COMPLETE\",\"ts\":1,\"proposal_id\":\"p\"}",
        "{\"type\":\"ERROR\",\"ts\":1}",
      })
  void frameThatLacksWhatItMustHaveIsRefused(String text) {
    assertThatThrownBy(() -> ServerMessageCodec.decode(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
