package org.agentchat.relay;

import java.util.List;
import java.util.function.Consumer;
import org.agentchat.schemas.identity.AgentId;

/// What agents of a simulated world say to each other, and try to.
///
/// @param others everybody but who only listens
record ChatActs(
    Crowd crowd, SimulatedRelay relay, RelayModel model, Onlookers onlookers, List<Seat> others) {
  void any() {
    Seat seat = crowd.anySeat(others);
    String channel = crowd.channel(seat, model.channels());
    int choice = crowd.number(39);
    if (choice < 10) {
      String wanted = crowd.chance(20) ? channel : crowd.any(model.channels());
      say(seat, "JOIN", wanted, e -> model.join(e, seat, wanted));
    } else if (choice < 13) {
      say(seat, "LEAVE", channel, e -> model.leaveChannel(e, seat, channel));
    } else if (choice < 15) {
      create(seat);
    } else if (choice < 18) {
      invite(seat, channel);
    } else if (choice < 27) {
      message(seat, channel);
    } else if (choice < 30) {
      direct(seat);
    } else if (choice < 32) {
      say(seat, "TYPING", channel, e -> model.typing(e, seat, channel));
    } else if (choice < 34) {
      String wanted = crowd.chance(2) ? channel : "#general";
      claim(seat, wanted);
      claim(crowd.any(model.members(wanted, seat)), wanted);
    } else if (choice < 36) {
      presence(seat);
    } else if (choice < 37) {
      nick(seat);
    } else {
      say(seat, "LIST_AGENTS", channel, e -> model.list(e, seat, channel));
    }
  }

  void join(Seat seat, String channel) {
    say(seat, "JOIN", channel, e -> model.join(e, seat, channel));
  }

  private void say(Seat seat, String type, String channel, Consumer<Expected> expected) {
    // With a name, so that also LEAVE of an unknown channel is answered.
    String frame =
        "{\"type\":\"%s\",\"channel\":\"%s\",\"client_msg_id\":\"named\"}".formatted(type, channel);
    send(seat, type + " " + channel, expected, frame);
  }

  private void send(Seat seat, String what, Consumer<Expected> expected, String frame) {
    onlookers.act(what + " by " + seat, expected, () -> seat.peer.send(frame));
  }

  private void create(Seat seat) {
    String channel = "#room" + crowd.number(12);
    boolean inviteOnly = crowd.chance(2);
    boolean verifiedOnly = crowd.chance(3);
    send(
        seat,
        "create " + channel,
        e -> model.create(e, seat, channel, inviteOnly, verifiedOnly),
        "{\"type\":\"CREATE_CHANNEL\",\"channel\":\"%s\",\"invite_only\":%s,\"verified_only\":%s}"
            .formatted(channel, inviteOnly, verifiedOnly));
  }

  private void invite(Seat seat, String channel) {
    AgentId guest = crowd.anyone(others);
    send(
        seat,
        "invite " + guest + " to " + channel,
        e -> model.invite(e, seat, channel, guest),
        "{\"type\":\"INVITE\",\"channel\":\"%s\",\"agent\":\"%s\"}".formatted(channel, guest));
  }

  private void message(Seat seat, String channel) {
    String content = crowd.text();
    onlookers.act(
        "message to " + channel + " by " + seat,
        e -> model.message(e, seat, channel, content),
        () -> ChatHarness.say(seat.peer, channel, content));
  }

  private void direct(Seat seat) {
    AgentId to = crowd.anyone(others);
    String content = crowd.text();
    if (crowd.chance(2)) {
      onlookers.act(
          "direct to " + to + " by " + seat,
          e -> model.direct(e, seat, to, content),
          () -> ChatHarness.say(seat.peer, to.toString(), content));
    } else {
      send(
          seat,
          "chunk to " + to,
          e -> model.chunk(e, seat, to, content),
          "{\"type\":\"FILE_CHUNK\",\"to\":\"%s\",\"content\":\"%s\"}".formatted(to, content));
    }
  }

  private void claim(Seat seat, String channel) {
    String message = "message-" + crowd.number(2);
    long startedAt = relay.now() - crowd.number(40_000);
    send(
        seat,
        "claim " + message,
        e -> model.claim(e, seat, channel, message, startedAt),
        "{\"type\":\"RESPONDING_TO\",\"msg_id\":\"%s\",\"channel\":\"%s\",\"started_at\":%d}"
            .formatted(message, channel, startedAt));
  }

  private void presence(Seat seat) {
    String status = crowd.any(List.of("away", "busy", "online"));
    send(
        seat,
        "presence",
        e -> model.presence(e, seat, status),
        "{\"type\":\"SET_PRESENCE\",\"status\":\"" + status + "\"}");
  }

  private void nick(Seat seat) {
    String nick = crowd.chance(6) ? "admin" : "nick" + crowd.number(100);
    send(
        seat,
        "nick",
        e -> model.nick(e, seat, nick),
        "{\"type\":\"SET_NICK\",\"nick\":\"" + nick + "\"}");
  }
}
