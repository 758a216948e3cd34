package org.agentchat.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One connection of a simulated world: its socket, and what the model believes that the relay
/// knows of it.
final class Seat {
  /// How far it has come.
  enum Stage {
    STRANGER,
    CHALLENGED,
    ASKED,
    IN,
    CLOSED
  }

  /// As a time to listen until: for ever.
  static final long FOR_EVER = Long.MAX_VALUE;

  final Peer peer;
  final String address;
  final long openedAt;
  final List<JsonNode> heard = new ArrayList<>();
  final Set<String> channels = new TreeSet<>();

  /// The channels that it was in before the last act.
  Set<String> heardBefore = Set.of();

  Stage stage = Stage.STRANGER;

  /// Whom it says that it is; null for an agent without a key.
  @Nullable Identity identity;

  String name = "";

  /// Its name on the wire; of an agent without a key known once it was told.
  @Nullable AgentId id;

  boolean verified;

  /// The challenge or the captcha that waits.
  @Nullable JsonNode asked;

  /// Until when it only listens; 0 when it need not.
  long listensUntil;

  long nextNickAt;

  Seat(Peer peer, String address, long openedAt) {
    this.peer = peer;
    this.address = address;
    this.openedAt = openedAt;
  }

  boolean isIn() {
    return stage == Stage.IN;
  }

  AgentId id() {
    return Optional.ofNullable(id).orElseThrow();
  }

  /// The last frame of the type that came of the last act.
  JsonNode lastHeard(String type) {
    return heard.stream().filter(frame -> Words.type(frame).equals(type)).toList().getLast();
  }

  /// Code and reason of its close frame; empty while it is open.
  String end() {
    return peer.closeCode() < 0 ? "" : peer.closeCode() + " " + peer.closeReason();
  }

  /// Whether it proved that key's name.
  boolean is(AgentId agent) {
    return isIn() && agent.equals(id);
  }

  @Override
  public String toString() {
    return name + "(" + id + ")@" + address + " " + stage;
  }
}
