package org.agentchat.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.AccessNotice.AdminResult;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What admins do (protocol.md section 17). Every act, and every attempt with a wrong key, is in
/// the [AuditLog]. Runs on the connections' own threads.
final class Moderation {
  private static final Logger LOG = LoggerFactory.getLogger(Moderation.class);

  /// How long everybody may read the message of the day before they are sent away.
  private static final Duration BEFORE_KICK = Duration.ofMillis(500);

  private static final int PEM_PREFIX_CHARS = 40;
  private static final String DONE = "done";

  /// Why a banned agent's connection is closed.
  static final String BANNED = "Banned by admin";

  private final Admins admins;
  private final Allowlist allowlist;
  private final Bans bans;
  private final Admittance admittance;
  private final AccountNames names;
  private final MessageOfTheDay motd;
  private final Directory directory;
  private final Collection<Connection> connections;
  private final Departures departures;
  private final Chat chat;
  private final AuditLog audit;
  private final RelayClock clock;

  Moderation(
      Admins admins,
      Allowlist allowlist,
      Bans bans,
      Admittance admittance,
      AccountNames names,
      MessageOfTheDay motd,
      Directory directory,
      Collection<Connection> connections,
      Departures departures,
      Chat chat,
      AuditLog audit,
      RelayClock clock) {
    this.admins = admins;
    this.allowlist = allowlist;
    this.bans = bans;
    this.admittance = admittance;
    this.names = names;
    this.motd = motd;
    this.directory = directory;
    this.connections = connections;
    this.departures = departures;
    this.chat = chat;
    this.audit = audit;
    this.clock = clock;
  }

  /// One frame of an admin, and who it turned out to be.
  ///
  /// @param by for the audit
  private record Act(Connection connection, String by, @Nullable String id) {
    void refuse(ErrorCode code, String message) {
      connection.refuse(code, message, id);
    }

    void answer(AdminResult result) {
      connection.send(result);
    }
  }

  void handle(Connection connection, AdminMessage message, @Nullable String clientMsgId) {
    Optional<String> by = permission(connection, message, clientMsgId);
    if (by.isEmpty()) {
      return;
    }
    Act act = new Act(connection, by.get(), clientMsgId);
    try {
      String result = act(act, message);
      record(connection, message, act.by(), result);
    } catch (IOException e) {
      LOG.error("what an admin did cannot be kept: {}", e.toString());
      record(connection, message, act.by(), "cannot be kept");
      act.refuse(ErrorCode.INVALID_MSG, "Not done: the relay cannot write its files");
    }
  }

  private void record(Connection connection, AdminMessage message, String by, String result) {
    Optional<AgentId> target = target(message);
    audit.record(
        AuditEvent.admin(
            connection,
            action(message),
            by,
            target,
            target.map(names::of).orElse(List.of()),
            result));
  }

  /// Who acts, if that admin may; otherwise it was told why not.
  private Optional<String> permission(
      Connection connection, AdminMessage message, @Nullable String id) {
    if (isAboutAllowlist(message) && !allowlist.isOn()) {
      connection.refuse(ErrorCode.INVALID_MSG, "Allowlist not configured", id);
      return Optional.empty();
    }
    Admins.Power power = power(message);
    return switch (admins.decide(connection, message.adminKey(), power)) {
      case Admins.Verdict.Granted(String by) -> Optional.of(by);
      case Admins.Verdict.Missing _ -> {
        connection.refuse(ErrorCode.INVALID_MSG, "Missing admin_key", id);
        yield Optional.empty();
      }
      case Admins.Verdict.Wrong _ -> {
        record(connection, message, "nobody", "wrong admin key");
        connection.refuse(ErrorCode.AUTH_REQUIRED, wrongKey(message), id);
        yield Optional.empty();
      }
      case Admins.Verdict.NobodyMay _ -> {
        boolean moderation = power == Admins.Power.MODERATION && !isAboutAllowlist(message);
        connection.refuse(
            moderation ? ErrorCode.INVALID_MSG : ErrorCode.AUTH_REQUIRED,
            moderation ? "Moderation not configured (no admin key)" : wrongKey(message),
            id);
        yield Optional.empty();
      }
      case Admins.Verdict.Locked(Duration left) -> {
        connection.refuse(
            ErrorCode.RATE_LIMITED,
            "Too many wrong admin keys. Try again in " + Math.ceilDiv(left.toMillis(), 1000) + "s",
            id);
        yield Optional.empty();
      }
    };
  }

  /// Existing servers write it both ways.
  private static String wrongKey(AdminMessage message) {
    return switch (message) {
      case AdminMessage.Approve _,
          AdminMessage.Revoke _,
          AdminMessage.Ban _,
          AdminMessage.Unban _ ->
          "invalid admin key";
      case AdminMessage.ListApproved _,
          AdminMessage.Kick _,
          AdminMessage.SetMotd _,
          AdminMessage.Vouch _ ->
          "Invalid admin key";
    };
  }

  private static boolean isAboutAllowlist(AdminMessage message) {
    return message instanceof AdminMessage.Approve
        || message instanceof AdminMessage.Revoke
        || message instanceof AdminMessage.ListApproved;
  }

  private static Admins.Power power(AdminMessage message) {
    return switch (message) {
      case AdminMessage.Approve _,
          AdminMessage.Revoke _,
          AdminMessage.ListApproved _,
          AdminMessage.Kick _,
          AdminMessage.Ban _,
          AdminMessage.Unban _ ->
          Admins.Power.MODERATION;
      case AdminMessage.SetMotd _, AdminMessage.Vouch _ -> Admins.Power.OPERATION;
    };
  }

  private static String action(AdminMessage message) {
    return switch (message) {
      case AdminMessage.Approve _ -> "approve";
      case AdminMessage.Revoke _ -> "revoke";
      case AdminMessage.ListApproved _ -> "list";
      case AdminMessage.Kick _ -> "kick";
      case AdminMessage.Ban _ -> "ban";
      case AdminMessage.Unban _ -> "unban";
      case AdminMessage.SetMotd _ -> "motd";
      case AdminMessage.Vouch _ -> "verify";
    };
  }

  private static Optional<AgentId> target(AdminMessage message) {
    return switch (message) {
      case AdminMessage.Approve approve -> Optional.of(approve.key().id());
      case AdminMessage.Revoke revoke -> Optional.of(revoke.agent());
      case AdminMessage.Kick kick -> Optional.of(kick.agentId());
      case AdminMessage.Ban ban -> Optional.of(ban.agentId());
      case AdminMessage.Unban unban -> Optional.of(unban.agentId());
      case AdminMessage.Vouch vouch -> Optional.of(vouch.agentId());
      case AdminMessage.ListApproved _, AdminMessage.SetMotd _ -> Optional.empty();
    };
  }

  /// Where the agent is connected, under whichever name of its account. Also one whose peer has
  /// closed: what it sent before is still handled.
  private List<Connection> online(AgentId agent) {
    return names.of(agent).stream()
        .flatMap(name -> directory.find(name).stream())
        .filter(connection -> !connection.isShut())
        .toList();
  }

  private static String notOnline(Act act, AgentId agent) {
    act.refuse(ErrorCode.AGENT_NOT_FOUND, "Agent " + agent + " not found or not online");
    return "not online";
  }

  /// Does it and answers.
  ///
  /// @return the result, for the audit
  private String act(Act act, AdminMessage message) throws IOException {
    return switch (message) {
      case AdminMessage.Approve approve -> approve(act, approve);
      case AdminMessage.Revoke revoke -> revoke(act, revoke.agent());
      case AdminMessage.ListApproved _ -> list(act);
      case AdminMessage.Kick kick -> kick(act, kick);
      case AdminMessage.Ban ban -> ban(act, ban);
      case AdminMessage.Unban unban -> unban(act, unban.agentId());
      case AdminMessage.SetMotd set -> setMotd(act, set);
      case AdminMessage.Vouch vouch -> vouch(act, vouch);
    };
  }

  private String approve(Act act, AdminMessage.Approve approve) throws IOException {
    AgentId agent = approve.key().id();
    List<AgentId> all = names.of(agent);
    if (allowlist.isFull() && !allowlist.hasAny(all)) {
      return full(act, "allowlist", Allowlist.MAX_ENTRIES);
    }
    String note = approve.note() == null ? "" : approve.note();
    allowlist.approve(approve.key(), all, act.by(), note, clock.millis());
    online(agent).forEach(online -> online.change(known -> known.withVerified(true)));
    act.answer(AdminResult.done(clock.millis(), "approve", agent, act.id()));
    return DONE;
  }

  private static String full(Act act, String list, int max) {
    act.refuse(ErrorCode.INVALID_MSG, "Not done: the " + list + " is full (" + max + " entries)");
    return "full";
  }

  private String revoke(Act act, AgentId agent) throws IOException {
    if (!allowlist.revoke(names.of(agent))) {
      act.refuse(ErrorCode.AGENT_NOT_FOUND, "not found");
      return "not found";
    }
    online(agent).forEach(allowlist.isStrict() ? this::turnOut : this::doubt);
    act.answer(AdminResult.done(clock.millis(), "revoke", null, act.id()));
    return DONE;
  }

  /// Only approved agents are here, so this one is not.
  private void turnOut(Connection connection) {
    connection
        .agent()
        .map(Agent::key)
        .flatMap(admittance::refusal)
        .ifPresent(words -> connection.refuse(ErrorCode.NOT_ALLOWED, words, null));
    sendAway(connection, Handshake.NOT_APPROVED);
  }

  /// The agent is verified no more, and so is in no channel for those who are.
  private void doubt(Connection connection) {
    connection
        .change(known -> known.withVerified(false))
        .ifPresent(agent -> chat.leaveVerified(connection, agent));
  }

  private String list(Act act) {
    List<AccessNotice.Approved> entries =
        allowlist.entries().stream()
            .map(entry ->
                new AccessNotice.Approved(
                    new AgentId(entry.agentId()),
                    entry.pubkey().substring(0, PEM_PREFIX_CHARS) + "...",
                    entry.approvedAt(),
                    entry.note()))
            .toList();
    act.answer(
        AdminResult.list(
            clock.millis(), entries, allowlist.isOn(), allowlist.isStrict(), act.id()));
    return DONE;
  }

  private String kick(Act act, AdminMessage.Kick kick) {
    List<Connection> online = online(kick.agentId());
    if (online.isEmpty()) {
      return notOnline(act, kick.agentId());
    }
    String reason =
        kick.reason() == null || kick.reason().isEmpty() ? "Kicked by admin" : kick.reason();
    for (Connection connection : online) {
      connection.send(new AccessNotice.Kicked(clock.millis(), reason));
      sendAway(connection, "Kicked by admin");
    }
    act.answer(AdminResult.done(clock.millis(), "kick", kick.agentId(), act.id()));
    return DONE;
  }

  /// Closed before it leaves: its own thread may still be on its way into what it leaves here, and
  /// looks at this last.
  private void sendAway(Connection connection, String reason) {
    connection.close(Connection.NORMAL, reason);
    departures.leave(connection);
  }

  private String ban(Act act, AdminMessage.Ban ban) throws IOException {
    List<AgentId> all = names.of(ban.agentId());
    if (bans.isFull() && bans.ofAny(all).isEmpty()) {
      return full(act, "list of bans", Bans.MAX_ENTRIES);
    }
    String network =
        directory
            .find(ban.agentId())
            .filter(connection -> connection.agent().filter(a -> a.key() == null).isPresent())
            .map(Connection::network)
            .orElse(null);
    String given = ban.reason() == null ? "" : ban.reason();
    Bans.Ban decided =
        new Bans.Ban(ban.agentId().name(), given, IsoTime.of(clock.millis()), act.by(), network);
    bans.ban(decided, all);
    // One that came in between the two is found now, or finds the ban itself.
    for (Connection connection : online(ban.agentId())) {
      connection.send(new AccessNotice.Banned(clock.millis(), decided.words()));
      sendAway(connection, BANNED);
    }
    act.answer(AdminResult.done(clock.millis(), "ban", ban.agentId(), act.id()));
    return DONE;
  }

  private String unban(Act act, AgentId agent) throws IOException {
    if (!bans.unban(names.of(agent))) {
      act.refuse(ErrorCode.AGENT_NOT_FOUND, "agent not banned");
      return "not banned";
    }
    act.answer(AdminResult.done(clock.millis(), "unban", agent, act.id()));
    return DONE;
  }

  private String setMotd(Act act, AdminMessage.SetMotd set) {
    motd.change(set.motd());
    AccessNotice.MotdUpdate update = new AccessNotice.MotdUpdate(clock.millis(), set.motd());
    connections.forEach(connection -> connection.send(update));
    boolean kick = Boolean.TRUE.equals(set.kick());
    if (kick) {
      Thread.ofVirtual().name("maintenance").start(() -> sendOthersAway(act.connection()));
    }
    act.answer(AdminResult.motd(clock.millis(), set.motd(), kick, act.id()));
    return DONE;
  }

  private void sendOthersAway(Connection admin) {
    try {
      Thread.sleep(BEFORE_KICK);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (Connection connection : connections) {
      if (connection != admin) {
        connection.close(Connection.GOING_AWAY, "Server maintenance");
      }
    }
  }

  private String vouch(Act act, AdminMessage.Vouch vouch) {
    List<Connection> online = online(vouch.agentId());
    if (online.isEmpty()) {
      return notOnline(act, vouch.agentId());
    }
    String note =
        vouch.verified()
            ? "You have been granted verified status ✓"
            : "Your verified status has been revoked";
    for (Connection connection : online) {
      if (vouch.verified()) {
        connection.change(known -> known.withVerified(true));
      } else {
        doubt(connection);
      }
      connection.send(AdminResult.vouchedFor(clock.millis(), vouch.verified(), note));
    }
    act.answer(AdminResult.vouched(clock.millis(), vouch.agentId(), vouch.verified(), act.id()));
    return DONE;
  }
}
