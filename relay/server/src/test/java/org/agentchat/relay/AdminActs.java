package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.agentchat.relay.RelayModel.AdminFrame;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;

/// What admins of a simulated world do, and others who would like to be some.
///
/// @param ear who only listens; it is an admin in maintenance
/// @param others everybody else
record AdminActs(
    Crowd crowd,
    SimulatedRelay relay,
    RelayModel model,
    Onlookers onlookers,
    Seat ear,
    List<Seat> others) {
  /// Begins every key that is wrong.
  static final String WRONG = "wrong-";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /// @param admin who moderates without a shared key
  void any(AgentId admin) {
    Optional<Seat> named = model.online(admin);
    Seat by = named.isPresent() && crowd.chance(2) ? named.get() : crowd.anySeat(others);
    AgentId target = crowd.anyone(others);
    int choice = crowd.number(16);
    String key = key(choice > 12);
    switch (choice) {
      case 0, 1, 2 -> {
        Identity person = crowd.somebodyToApprove(model);
        approve(new AdminFrame(by, "approve", key, person.id()), person);
      }
      case 3 -> act(new AdminFrame(by, "revoke", key, target), model::revoke, named(target));
      case 4 -> act(new AdminFrame(by, "list", key, null), model::listApproved, "");
      case 5, 6 -> {
        String reason = reason();
        act(
            new AdminFrame(by, "kick", key, target),
            (e, frame) -> model.kick(e, frame, reason),
            named(target) + ",\"reason\":\"" + reason + "\"");
      }
      case 7, 8, 9 -> ban(new AdminFrame(by, "ban", key, target), reason());
      case 10, 11, 12 -> unban(by, key, target);
      case 13 -> motd(crowd.chance(2) ? ear : by, key);
      case 14 -> vouch(new AdminFrame(by, "verify", key, target));
      default -> guess(by);
    }
  }

  private @Nullable String key(boolean operation) {
    return switch (crowd.number(20)) {
      case 0, 1 -> WRONG + crowd.number(1_000);
      case 2, 3 -> null;
      case 4 -> operation ? RelayModel.MODERATION : RelayModel.OPERATION;
      default -> operation ? RelayModel.OPERATION : RelayModel.MODERATION;
    };
  }

  private String reason() {
    return crowd.chance(3) ? "" : crowd.text();
  }

  private static String named(AgentId agent) {
    return ",\"agent_id\":\"" + agent + "\"";
  }

  void approve(AdminFrame frame, Identity person) {
    act(
        frame,
        model::approve,
        ",\"pubkey\":%s,\"note\":\"%s\"".formatted(Json.text(person.key().pem()), crowd.text()));
  }

  private void ban(AdminFrame frame, String reason) {
    act(
        frame,
        (e, ban) -> model.ban(e, ban, reason),
        named(frame.target()) + ",\"reason\":\"" + reason + "\"");
  }

  private void unban(Seat by, @Nullable String key, AgentId target) {
    List<AgentId> banned = model.banned();
    AgentId lifted =
        banned.isEmpty() || crowd.chance(3) ? target : crowd.any(model.names(crowd.any(banned)));
    act(new AdminFrame(by, "unban", key, lifted), model::unban, named(lifted));
  }

  private void vouch(AdminFrame frame) {
    boolean verified = !crowd.chance(3);
    act(
        frame,
        (e, vouch) -> model.vouch(e, vouch, verified),
        named(frame.target()) + ",\"verified\":" + verified);
  }

  private void motd(Seat by, @Nullable String key) {
    String text = crowd.chance(4) ? null : crowd.text();
    // Who is sent away with everybody else is missed in #general, where the admin must hear it.
    boolean kick = crowd.chance(2) && model.isIn("#general", by);
    act(
        new AdminFrame(by, "motd", key, null),
        (e, frame) -> model.motd(e, frame, text, kick),
        ",\"motd\":%s,\"kick\":%s".formatted(text == null ? "null" : Json.text(text), kick));
    if (kick && model.seats().size() == 1) {
      onlookers.see("everybody kicked");
    }
  }

  /// Tries keys until none is looked at any more.
  private void guess(Seat by) {
    for (int i = 0; i < Attempts.MAX_WRONG; i++) {
      act(new AdminFrame(by, "list", WRONG + i, null), model::listApproved, "");
    }
    askForConnections(by.address);
  }

  /// Decides about somebody on the way in.
  void decideAbout(AgentId agent) {
    Seat by = crowd.anySeat(others);
    if (crowd.chance(2)) {
      AdminFrame frame = new AdminFrame(by, "revoke", RelayModel.MODERATION, agent);
      act(frame, model::revoke, named(agent));
    } else {
      ban(new AdminFrame(by, "ban", RelayModel.MODERATION, agent), "");
    }
  }

  private interface Expecting {
    void expect(Expected e, AdminFrame frame);
  }

  private void act(AdminFrame frame, Expecting expected, String fields) {
    String type = "ADMIN_" + frame.action().toUpperCase(Locale.ROOT);
    String key = frame.key() == null ? "" : ",\"admin_key\":\"" + frame.key() + "\"";
    int before = model.audit().size();
    onlookers.act(
        type + " of " + frame.target() + " by " + frame.by() + " with " + frame.key(),
        e -> expected.expect(e, frame),
        () -> frame.by().peer.send("{\"type\":\"" + type + "\"" + key + fields + "}"));
    model.audit().stream()
        .skip(before)
        .forEach(line -> onlookers.conclude(frame.action() + RelayModel.result(line)));
  }

  /// Asks over HTTP who is connected.
  void askForConnections(String address) {
    String key = key(true);
    int wanted = model.connections(address, key);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(relay.url().replaceFirst("^ws", "http")).resolve("/api/connections"))
            .header("X-Forwarded-For", address);
    if (key != null) {
      request.header("X-Admin-Key", key);
    }
    HttpResponse<String> answer =
        HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
    assertThat(answer.statusCode()).as("from %s with %s", address, key).isEqualTo(wanted);
    if (wanted == 200) {
      assertThat(Json.parse(answer.body()).path("count").intValue())
          .isEqualTo((int) model.seats().stream().filter(Seat::isIn).count());
    }
    onlookers.conclude("connections " + wanted);
  }
}
