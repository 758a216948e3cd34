package org.agentchat.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Tenure;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.jspecify.annotations.Nullable;

/// What a relay must do, written down a second time, for one frame after the other: who may come in
/// and say what, who hears it, and what stands in the audit log. It shares no code with the relay
/// but the fold, which it is given by whoever folds the log anew.
final class RelayModel {
  static final String MODERATION = "moderation-secret";
  static final String OPERATION = "operation-secret";
  static final Duration LURK = Duration.ofHours(1);
  static final Duration DM_GATE = Duration.ofMinutes(5);

  private static final long MINUTE = 60_000;
  private static final int ROOMS_PER_AGENT = 10;

  /// How the relay is set up.
  ///
  /// @param admin who moderates without a shared key
  /// @param genesis who is verified from the start
  /// @param gated whether young connections may write to no agent
  record Setup(
      Allowlisting mode,
      boolean captcha,
      boolean shadows,
      boolean lurk,
      boolean gated,
      AgentId admin,
      AgentId genesis) {}

  /// What was said in a channel.
  private record Said(String from, String to, @Nullable Boolean verified, String content) {
    String word(@Nullable Boolean replay) {
      return Words.of("MSG", from, to, verified, replay, content);
    }
  }

  private record Claim(Seat holder, AgentId agent, long startedAt, long at) {}

  private record Ban(String reason, @Nullable String network) {}

  private record Wrong(long since, int count) {}

  /// One channel.
  private static final class Room {
    final boolean verifiedOnly;
    final boolean inviteOnly;
    final @Nullable AgentId creator;
    final Set<Seat> members = new LinkedHashSet<>();
    final Set<AgentId> invited = new LinkedHashSet<>();
    final List<Said> history = new ArrayList<>();
    final Map<String, Claim> claims = new LinkedHashMap<>();

    Room(boolean verifiedOnly, boolean inviteOnly, @Nullable AgentId creator) {
      this.verifiedOnly = verifiedOnly;
      this.inviteOnly = inviteOnly;
      this.creator = creator;
    }
  }

  private final Setup setup;
  private final LongSupplier clock;
  private final Ledger log;

  // What a relay keeps over a restart.
  private final Map<AgentId, Ban> bans = new LinkedHashMap<>();
  private final Set<AgentId> approved = new LinkedHashSet<>();
  private final Map<AgentId, Long> sights = new LinkedHashMap<>();
  private final List<String> audit = new ArrayList<>();

  /// Rare turns that this world took.
  private final Set<String> turns = new TreeSet<>();

  // What it forgets.
  private final List<Seat> seats = new ArrayList<>();
  private final Map<String, Room> rooms = new TreeMap<>();
  private final Map<String, Wrong> wrong = new LinkedHashMap<>();
  private final Map<AgentId, Long> takeovers = new LinkedHashMap<>();
  private @Nullable String motd;

  /// @param log folded anew, always as far as the relay has folded it
  RelayModel(Setup setup, LongSupplier clock, Ledger log) {
    this.setup = setup;
    this.clock = clock;
    this.log = log;
    restart();
  }

  private long now() {
    return clock.getAsLong();
  }

  /// Forgets what a relay forgets when it stops.
  void restart() {
    seats.forEach(seat -> seat.stage = Seat.Stage.CLOSED);
    seats.clear();
    rooms.clear();
    wrong.clear();
    takeovers.clear();
    motd = null;
    for (String open : List.of("#general", "#agents", "#skills", "#discovery", "#bounties")) {
      rooms.put(open, new Room(false, false, null));
    }
    rooms.put("#ops", new Room(true, false, null));
  }

  /// The connections that are open, in the order in which they were made.
  List<Seat> seats() {
    return List.copyOf(seats);
  }

  /// Every channel.
  List<String> channels() {
    return List.copyOf(rooms.keySet());
  }

  /// What the audit log must say of admins and bans, as lines of [#audited].
  List<String> audit() {
    return List.copyOf(audit);
  }

  /// Rare turns that this world took.
  Set<String> turns() {
    return turns;
  }

  /// Whether the key is good and not approved.
  boolean isWaiting(Identity identity) {
    return !hasEnded(identity) && !isApproved(identity.id());
  }

  /// Whether a relay would let the owner of the key in.
  boolean isWelcome(Identity identity) {
    AgentId agent = identity.id();
    return !hasEnded(identity)
        && names(agent).stream().noneMatch(bans::containsKey)
        && (setup.mode() != Allowlisting.STRICT || isApproved(agent));
  }

  /// Who is banned, as the admins named them.
  List<AgentId> banned() {
    return List.copyOf(bans.keySet());
  }

  Optional<Seat> online(AgentId agent) {
    return seats.stream().filter(seat -> seat.is(agent)).findFirst();
  }

  /// Everybody's name who is in.
  List<AgentId> online() {
    return seats.stream().filter(Seat::isIn).map(Seat::id).toList();
  }

  boolean isIn(String channel, Seat seat) {
    Room room = rooms.get(channel);
    return room != null && room.members.contains(seat);
  }

  /// Who is in the channel beside the one who is asked about, which stands for nobody.
  List<Seat> members(String channel, Seat seat) {
    Room room = rooms.get(channel);
    List<Seat> members = room == null ? List.of() : others(room, seat).toList();
    return members.isEmpty() ? List.of(seat) : members;
  }

  /// Every name of the agent's account.
  List<AgentId> names(AgentId agent) {
    return log.account(agent)
        .map(account -> account.keys().stream().map(Tenure::id).toList())
        .orElse(List.of(agent));
  }

  /// Whether a relay would let the agent take its own place without a wait.
  boolean mayTakeOver(AgentId agent) {
    Long last = takeovers.get(agent);
    return last == null || now() - last > 5 * MINUTE;
  }

  // Who comes in.

  void connected(Seat seat) {
    seats.add(seat);
  }

  void identify(Expected e, Seat seat, String name, @Nullable Identity identity) {
    if (seat.stage != Seat.Stage.STRANGER) {
      e.hears(seat, Words.error("INVALID_MSG"));
    } else if (setup.mode() == Allowlisting.STRICT
        && (identity == null || !isApproved(identity.id()))) {
      e.hears(seat, Words.error("NOT_ALLOWED"));
    } else {
      seat.name = name;
      seat.identity = identity;
      if (identity != null && isApproved(identity.id()) && !approved.contains(identity.id())) {
        turns.add("approved by another key");
      }
      if (identity == null) {
        if (!isBanned(e, seat, null)) {
          admit(e, seat);
        }
      } else {
        seat.stage = Seat.Stage.CHALLENGED;
        e.hears(seat, Words.of("CHALLENGE"));
      }
    }
  }

  /// @param right whether the signature is good
  void prove(Expected e, Seat seat, boolean right) {
    if (seat.isIn()) {
      e.hears(seat, Words.error("INVALID_MSG"));
      return;
    }
    if (seat.stage != Seat.Stage.CHALLENGED) {
      e.hears(seat, Words.error("VERIFICATION_EXPIRED"));
      return;
    }
    seat.stage = Seat.Stage.STRANGER;
    seat.asked = null;
    AgentId agent = seat.identity.id();
    if (!right) {
      e.hears(seat, Words.error("VERIFICATION_FAILED"));
    } else if (!isBanned(e, seat, agent)) {
      if (hasEnded(seat.identity)) {
        e.hears(seat, Words.error("NOT_ALLOWED"));
      } else {
        admit(e, seat);
      }
    }
  }

  private boolean hasEnded(Identity identity) {
    return log.account(identity.id())
        .flatMap(account -> account.tenure(identity.id()))
        .filter(tenure -> tenure.end() != null)
        .isPresent();
  }

  private void admit(Expected e, Seat seat) {
    Identity identity = seat.identity;
    Optional<Seat> there = identity == null ? Optional.empty() : online(identity.id());
    if (there.isPresent()) {
      takeovers.put(identity.id(), now());
      displace(e, there.get(), true);
    }
    if (setup.captcha() && !(identity != null && isVouchedFor(identity.id()))) {
      seat.stage = Seat.Stage.ASKED;
      e.hears(seat, Words.of("CAPTCHA_CHALLENGE"));
    } else {
      welcome(e, seat, false, term(seat));
    }
  }

  /// @param right whether the answer is
  void answer(Expected e, Seat seat, boolean right) {
    if (seat.stage != Seat.Stage.ASKED) {
      e.hears(seat, Words.error("CAPTCHA_EXPIRED"));
      return;
    }
    seat.stage = Seat.Stage.STRANGER;
    seat.asked = null;
    if (right) {
      welcome(e, seat, true, term(seat));
    } else if (setup.shadows()) {
      seat.identity = null;
      welcome(e, seat, true, Seat.FOR_EVER);
    } else {
      e.hears(seat, Words.error("CAPTCHA_FAILED"));
      end(e, seat, "1000 Captcha failed");
    }
  }

  private long term(Seat seat) {
    if (!setup.lurk()) {
      return 0;
    }
    Identity identity = seat.identity;
    if (identity == null) {
      return Seat.FOR_EVER;
    }
    Optional<Account> known = log.account(identity.id());
    boolean old =
        known
            .filter(account -> account.key().equals(identity.key()))
            .filter(account -> account.transactions() > 0)
            .filter(account -> account.updatedAt() <= now() - LURK.toMillis())
            .isPresent();
    return old ? 0 : sights.computeIfAbsent(identity.id(), _ -> now()) + LURK.toMillis();
  }

  private void welcome(Expected e, Seat seat, boolean answered, long listensUntil) {
    Identity identity = seat.identity;
    if (identity != null) {
      online(identity.id()).ifPresent(there -> displace(e, there, false));
    }
    if (isBanned(e, seat, identity == null ? null : identity.id())) {
      return;
    }
    if (identity != null && setup.mode() == Allowlisting.STRICT && !isApproved(identity.id())) {
      turns.add("revoked on the way in");
      e.hears(seat, Words.error("NOT_ALLOWED"));
      end(e, seat, "1000 Approval revoked");
      return;
    }
    seat.stage = Seat.Stage.IN;
    seat.id = identity == null ? null : identity.id();
    seat.verified = identity != null && isVouchedFor(identity.id());
    seat.listensUntil = listensUntil;
    boolean silent = identity == null || (answered && !seat.verified);
    e.hears(
        seat,
        Words.of(
            "WELCOME",
            identity == null ? Words.GUEST : seat.id,
            seat.name,
            silent ? null : seat.verified,
            isListening(seat) ? true : null,
            motd));
    say(e, "#general", seat.name + " came online");
    if (identity != null && hasEnded(identity)) {
      e.hears(seat, Words.error("NOT_ALLOWED"));
      depart(e, seat, true);
      end(e, seat, "1000 Key ended");
    }
  }

  private boolean isListening(Seat seat) {
    return seat.listensUntil > now();
  }

  /// @param offline whether it has the agent's place, so that #general hears that the agent is gone
  private void displace(Expected e, Seat seat, boolean offline) {
    e.hears(seat, Words.of("SESSION_DISPLACED"));
    depart(e, seat, offline);
    end(e, seat, "1000 Identity claimed by verified connection");
  }

  /// Tells a banned one so, and ends its connection.
  private boolean isBanned(Expected e, Seat seat, @Nullable AgentId agent) {
    Optional<Map.Entry<AgentId, Ban>> ban = ban(seat, agent);
    ban.ifPresent(found -> {
      String reason = found.getValue().reason();
      e.hears(seat, Words.of("ERROR", "BANNED", reason.isEmpty() ? "You are banned" : reason));
      enforced(agent, found.getKey());
      end(e, seat, "1000 Banned");
    });
    return ban.isPresent();
  }

  private void enforced(@Nullable AgentId agent, AgentId banned) {
    turns.add(
        agent == null
            ? "banned by address"
            : agent.equals(banned) ? "banned by this key" : "banned by another key");
    audit.add(Words.of("ban_enforced", agent == null ? Words.GUEST : agent, banned));
  }

  private Optional<Map.Entry<AgentId, Ban>> ban(Seat seat, @Nullable AgentId agent) {
    return agent == null
        ? bans.entrySet().stream()
            .filter(ban -> seat.address.equals(ban.getValue().network()))
            .findFirst()
        : names(agent).stream().filter(bans::containsKey).findFirst().map(this::entry);
  }

  private Map.Entry<AgentId, Ban> entry(AgentId banned) {
    return Map.entry(banned, bans.get(banned));
  }

  private boolean isApproved(AgentId agent) {
    return names(agent).stream().anyMatch(approved::contains);
  }

  private boolean isVouchedFor(AgentId agent) {
    return isApproved(agent) || names(agent).contains(setup.genesis());
  }

  // Who leaves.

  /// The peer closes its socket.
  void left(Expected e, Seat seat) {
    if (seat.isIn()) {
      depart(e, seat, true);
    }
    seat.stage = Seat.Stage.CLOSED;
    seats.remove(seat);
  }

  private void end(Expected e, Seat seat, String how) {
    e.ends(seat, how);
    seat.stage = Seat.Stage.CLOSED;
    seats.remove(seat);
  }

  private void depart(Expected e, Seat seat, boolean offline) {
    for (String channel : List.copyOf(seat.channels)) {
      leave(e, seat, channel);
    }
    seats.remove(seat);
    if (offline) {
      say(e, "#general", seat.name + " went offline");
    }
  }

  private void leave(Expected e, Seat seat, String channel) {
    Room room = rooms.get(channel);
    room.claims.values().removeIf(claim -> claim.holder() == seat);
    seat.channels.remove(channel);
    if (room.members.remove(seat)) {
      String word = Words.of("AGENT_LEFT", channel, seat.id());
      room.members.forEach(member -> e.hears(member, word));
    }
  }

  private void sendAway(Expected e, Seat seat, String how) {
    depart(e, seat, true);
    end(e, seat, how);
  }

  // What follows from the log.

  /// A key took another's place.
  void rotated(Expected e, AgentId old, AgentId next) {
    online(old).ifPresent(seat -> sendAway(e, seat, "1000 Key rotated: identify as " + next));
    online(next).ifPresent(seat -> inherit(e, seat));
  }

  private void inherit(Expected e, Seat seat) {
    Optional<Map.Entry<AgentId, Ban>> ban = ban(seat, seat.id());
    if (ban.isPresent()) {
      turns.add("ban inherited");
      enforced(seat.id(), ban.get().getKey());
      banned(e, seat, ban.get().getValue().reason());
    } else {
      if (!seat.verified && isVouchedFor(seat.id())) {
        turns.add("approval inherited");
        seat.verified = true;
      }
    }
  }

  private void banned(Expected e, Seat seat, String reason) {
    e.hears(seat, Words.of("BANNED", reason.isEmpty() ? "Banned by admin" : reason));
    sendAway(e, seat, "1000 Banned by admin");
  }

  /// A key ended with nothing in its place.
  void revoked(Expected e, AgentId agent) {
    online(agent).ifPresent(seat -> sendAway(e, seat, "1000 Key revoked"));
  }

  // What agents say.

  /// Whether somebody may say it: told why not, otherwise.
  ///
  /// @param saying whether it is kept from those who only listen
  private boolean may(Expected e, Seat seat, boolean saying) {
    if (!seat.isIn()) {
      e.hears(seat, Words.error("AUTH_REQUIRED"));
      return false;
    }
    if (saying && isListening(seat)) {
      e.hears(seat, Words.error("LURK_MODE"));
      return false;
    }
    return true;
  }

  /// Why a statement gets no further than the relay: an error's code.
  ///
  /// @param gated whether it is kept from those who only listen
  /// @param right whether the signature is good
  Optional<String> refusal(Seat seat, boolean gated, boolean right) {
    if (!seat.isIn()) {
      return Optional.of("AUTH_REQUIRED");
    }
    boolean forEver = seat.listensUntil == Seat.FOR_EVER;
    if (gated && isListening(seat) && !forEver) {
      return Optional.of("LURK_MODE");
    }
    if (seat.identity == null) {
      return Optional.of("SIGNATURE_REQUIRED");
    }
    return right ? Optional.empty() : Optional.of("VERIFICATION_FAILED");
  }

  void join(Expected e, Seat seat, String channel) {
    Room room = rooms.get(channel);
    if (!may(e, seat, false)) {
      return;
    }
    if (room == null) {
      e.hears(seat, Words.error("CHANNEL_NOT_FOUND"));
    } else if (!isOpenTo(room, seat)) {
      e.hears(seat, Words.error("NOT_INVITED"));
    } else if (room.verifiedOnly && !seat.verified) {
      e.hears(seat, Words.error("AUTH_REQUIRED"));
    } else {
      enter(e, seat, channel, room);
    }
  }

  private static boolean isOpenTo(Room room, Seat seat) {
    return !room.inviteOnly
        || seat.id().equals(room.creator)
        || room.invited.contains(seat.id())
        || room.members.contains(seat);
  }

  private void enter(Expected e, Seat seat, String channel, Room room) {
    boolean first = room.members.add(seat);
    seat.channels.add(channel);
    if (first) {
      others(room, seat).forEach(m -> e.hears(m, Words.of("AGENT_JOINED", channel, seat.id())));
    }
    e.hears(seat, Words.of("JOINED", channel, Words.agents(room.members.stream().map(Seat::id))));
    room.history.forEach(said -> e.hears(seat, said.word(true)));
    if (first) {
      say(e, channel, seat.name + " joined " + channel);
    }
  }

  private static Stream<Seat> others(Room room, Seat but) {
    return room.members.stream().filter(member -> member != but);
  }

  /// The relay says something in a channel.
  private void say(Expected e, String channel, String content) {
    post(e, rooms.get(channel), new Said(AgentId.SERVER.toString(), channel, null, content));
  }

  private static void post(Expected e, Room room, Said said) {
    room.members.forEach(member -> e.hears(member, said.word(null)));
    room.history.add(said);
  }

  void leaveChannel(Expected e, Seat seat, String channel) {
    if (!may(e, seat, false)) {
      return;
    }
    if (!rooms.containsKey(channel)) {
      e.hears(seat, Words.error("CHANNEL_NOT_FOUND"));
      return;
    }
    leave(e, seat, channel);
    e.hears(seat, Words.of("LEFT", channel));
  }

  void create(Expected e, Seat seat, String channel, boolean inviteOnly, boolean verifiedOnly) {
    if (!may(e, seat, true)) {
      return;
    }
    long own = rooms.values().stream().filter(room -> seat.id().equals(room.creator)).count();
    if (verifiedOnly && !seat.verified) {
      e.hears(seat, Words.error("AUTH_REQUIRED"));
    } else if (rooms.containsKey(channel)) {
      e.hears(seat, Words.error("CHANNEL_EXISTS"));
    } else if (own >= ROOMS_PER_AGENT) {
      e.hears(seat, Words.error("RATE_LIMITED"));
    } else {
      Room room = new Room(verifiedOnly, inviteOnly, seat.id());
      room.members.add(seat);
      rooms.put(channel, room);
      seat.channels.add(channel);
      e.hears(seat, Words.of("JOINED", channel, Words.agents(Stream.of(seat.id()))));
    }
  }

  void invite(Expected e, Seat seat, String channel, AgentId guest) {
    if (!may(e, seat, true)) {
      return;
    }
    Room room = rooms.get(channel);
    if (room == null) {
      e.hears(seat, Words.error("CHANNEL_NOT_FOUND"));
    } else if (!room.members.contains(seat)) {
      e.hears(seat, Words.error("NOT_INVITED"));
    } else {
      room.invited.add(guest);
      String text = "You have been invited to " + channel;
      online(guest)
          .ifPresent(
              target -> e.hears(target, Words.of("MSG", seat.id(), guest, null, null, text)));
    }
  }

  void message(Expected e, Seat seat, String channel, String content) {
    if (!may(e, seat, true)) {
      return;
    }
    Room room = rooms.get(channel);
    if (room == null) {
      e.hears(seat, Words.error("CHANNEL_NOT_FOUND"));
    } else if (!room.members.contains(seat)) {
      e.hears(seat, Words.error("NOT_INVITED"));
    } else {
      post(e, room, new Said(seat.id().toString(), channel, seat.verified, content));
      room.claims.values().removeIf(claim -> claim.holder() == seat);
    }
  }

  void direct(Expected e, Seat seat, AgentId to, String content) {
    if (may(e, seat, true) && mayReach(e, seat, to)) {
      String word = Words.of("MSG", seat.id(), to, seat.verified, null, content);
      e.hears(online(to).orElseThrow(), word);
      e.hears(seat, word);
    }
  }

  void chunk(Expected e, Seat seat, AgentId to, String content) {
    if (may(e, seat, true) && mayReach(e, seat, to)) {
      e.hears(online(to).orElseThrow(), Words.of("FILE_CHUNK", seat.id(), to, content));
    }
  }

  private boolean mayReach(Expected e, Seat seat, AgentId to) {
    if (online(to).isEmpty()) {
      e.hears(seat, Words.error("AGENT_NOT_FOUND"));
      return false;
    }
    if (setup.gated() && now() < seat.openedAt + DM_GATE.toMillis()) {
      e.hears(seat, Words.error("DM_AGE_GATE"));
      return false;
    }
    return true;
  }

  void typing(Expected e, Seat seat, String channel) {
    if (seat.isIn() && isIn(channel, seat)) {
      others(rooms.get(channel), seat)
          .forEach(member -> e.hears(member, Words.of("TYPING", seat.id(), channel)));
    }
  }

  /// @param startedAt within the last 45 seconds
  void claim(Expected e, Seat seat, String channel, String message, long startedAt) {
    if (!seat.isIn() || !isIn(channel, seat)) {
      return;
    }
    Room room = rooms.get(channel);
    room.claims.values().removeIf(claim -> claim.at() <= now() - 45_000);
    Claim held = room.claims.get(message);
    Claim wanted = new Claim(seat, seat.id(), startedAt, now());
    if (held != null && held.holder() == seat) {
      long earliest = Math.min(held.startedAt(), startedAt);
      room.claims.put(message, new Claim(seat, seat.id(), earliest, now()));
    } else if (held != null && !isBefore(wanted, held)) {
      e.hears(seat, Words.of("YIELD", message, channel, held.agent()));
    } else {
      room.claims.put(message, wanted);
      others(room, seat)
          .forEach(m -> e.hears(m, Words.of("FLOOR_CLAIMED", message, channel, seat.id())));
      if (held != null) {
        e.hears(held.holder(), Words.of("YIELD", message, channel, seat.id()));
      }
    }
  }

  private static boolean isBefore(Claim one, Claim other) {
    return one.startedAt() < other.startedAt()
        || (one.startedAt() == other.startedAt() && one.agent().compareTo(other.agent()) < 0);
  }

  void presence(Expected e, Seat seat, String status) {
    if (may(e, seat, false)) {
      seat.channels.stream()
          .flatMap(channel -> others(rooms.get(channel), seat))
          .distinct()
          .forEach(m -> e.hears(m, Words.of("PRESENCE_CHANGED", seat.id(), seat.name, status)));
    }
  }

  void nick(Expected e, Seat seat, String nick) {
    if (!may(e, seat, false)) {
      return;
    }
    if (nick.equals("admin")) {
      e.hears(seat, Words.error("INVALID_NAME"));
    } else if (now() < seat.nextNickAt) {
      e.hears(seat, Words.error("RATE_LIMITED"));
    } else {
      String word = Words.of("NICK_CHANGED", seat.id(), seat.name, nick);
      seat.channels.forEach(channel -> rooms.get(channel).members.forEach(m -> e.hears(m, word)));
      e.hears(seat, word);
      seat.nextNickAt = now() + 30_000;
      seat.name = nick;
    }
  }

  void list(Expected e, Seat seat, String channel) {
    Room room = rooms.get(channel);
    if (!may(e, seat, false)) {
      return;
    }
    if (room == null) {
      e.hears(seat, Words.error("CHANNEL_NOT_FOUND"));
    } else if (!isOpenTo(room, seat)) {
      e.hears(seat, Words.error("NOT_INVITED"));
    } else {
      e.hears(seat, Words.of("AGENTS", channel, Words.agents(room.members.stream().map(Seat::id))));
    }
  }

  void search(Expected e, Seat seat, String capability) {
    if (may(e, seat, false)) {
      List<AgentId> found =
          log.accounts().stream()
              .filter(account -> !account.isRevoked() && offers(account, capability))
              .map(Account::id)
              .toList();
      e.hears(seat, Words.of("SEARCH_RESULTS", found.size(), Words.agents(found.stream())));
    }
  }

  private static boolean offers(Account account, String capability) {
    Account.Registration registered = account.registered();
    return registered != null
        && registered.statement().list().stream()
            .anyMatch(skill -> capability.equals(skill.capability()));
  }

  // What admins do.

  /// A frame of somebody who is an admin, or would like to be.
  ///
  /// @param key the shared key in it, or null
  /// @param target whom it is about; null for nobody in particular
  record AdminFrame(Seat by, String action, @Nullable String key, @Nullable AgentId target) {
    boolean isAboutAllowlist() {
      return List.of("approve", "revoke", "list").contains(action);
    }

    boolean isOperation() {
      return List.of("motd", "verify").contains(action);
    }
  }

  /// Who acts, if somebody may; otherwise it is told why not.
  private Optional<String> permitted(Expected e, AdminFrame frame) {
    Seat by = frame.by();
    if (frame.isAboutAllowlist() && setup.mode() == Allowlisting.OFF) {
      e.hears(by, Words.error("INVALID_MSG"));
      return Optional.empty();
    }
    if (by.is(setup.admin())) {
      return Optional.of(setup.admin().toString());
    }
    if (frame.key() == null) {
      e.hears(by, Words.error("INVALID_MSG"));
      return Optional.empty();
    }
    if (isLocked(by.address)) {
      e.hears(by, Words.error("RATE_LIMITED"));
      return Optional.empty();
    }
    if (!frame.key().equals(frame.isOperation() ? OPERATION : MODERATION)) {
      wrongKey(by.address);
      audit(frame, "nobody", "wrong admin key");
      e.hears(by, Words.error("AUTH_REQUIRED"));
      return Optional.empty();
    }
    return Optional.of(frame.isOperation() ? "operation key" : "moderation key");
  }

  private boolean isLocked(String address) {
    Wrong known = wrong.get(address);
    if (known != null && now() >= known.since() + 10 * MINUTE) {
      wrong.remove(address);
      return false;
    }
    return known != null && known.count() >= 5;
  }

  private void wrongKey(String address) {
    wrong.merge(address, new Wrong(now(), 1), (old, _) -> new Wrong(old.since(), old.count() + 1));
  }

  private void audit(AdminFrame frame, String by, String result) {
    AgentId target = frame.target();
    List<AgentId> names = target == null ? List.of() : names(target);
    audit.add(
        audited(
            "admin_" + frame.action(),
            frame.by().isIn() ? (frame.by().identity == null ? Words.GUEST : frame.by().id()) : "",
            by,
            target == null ? "" : target,
            names.size() > 1 ? names : "",
            result));
  }

  /// A line about an admin; its result stands last.
  static String audited(Object... fields) {
    return Stream.of(fields).map(String::valueOf).reduce((a, b) -> a + " | " + b).orElseThrow();
  }

  /// The result in a line about an admin, after a space.
  static String result(String line) {
    return line.substring(line.lastIndexOf('|') + 1);
  }

  private static String result(
      String action, @Nullable Object agent, @Nullable Boolean verified, @Nullable String note) {
    return Words.of("ADMIN_RESULT", action, agent, verified, note, null, null, null);
  }

  void approve(Expected e, AdminFrame frame) {
    permitted(e, frame)
        .ifPresent(by -> {
          AgentId agent = frame.target();
          audit(frame, by, "done");
          approved.removeAll(names(agent));
          approved.add(agent);
          onlineOf(agent).forEach(seat -> seat.verified = true);
          e.hears(frame.by(), result("approve", agent, null, null));
        });
  }

  private List<Seat> onlineOf(AgentId agent) {
    return names(agent).stream().flatMap(name -> online(name).stream()).toList();
  }

  void revoke(Expected e, AdminFrame frame) {
    permitted(e, frame)
        .ifPresent(by -> {
          AgentId agent = frame.target();
          if (!approved.removeAll(names(agent))) {
            audit(frame, by, "not found");
            e.hears(frame.by(), Words.error("AGENT_NOT_FOUND"));
            return;
          }
          audit(frame, by, "done");
          onlineOf(agent)
              .forEach(seat -> {
                if (setup.mode() == Allowlisting.STRICT) {
                  e.hears(seat, Words.error("NOT_ALLOWED"));
                  sendAway(e, seat, "1000 Approval revoked");
                } else {
                  doubt(e, seat);
                }
              });
          answer(e, frame.by(), result("revoke", null, null, null));
        });
  }

  /// An admin that sent itself away hears no more.
  private void answer(Expected e, Seat admin, String word) {
    if (seats.contains(admin)) {
      e.hears(admin, word);
    }
  }

  private void doubt(Expected e, Seat seat) {
    seat.verified = false;
    for (String channel : List.copyOf(seat.channels)) {
      if (rooms.get(channel).verifiedOnly) {
        leave(e, seat, channel);
        e.hears(seat, Words.of("LEFT", channel));
      }
    }
  }

  void listApproved(Expected e, AdminFrame frame) {
    permitted(e, frame)
        .ifPresent(by -> {
          audit(frame, by, "done");
          String entries = Words.agents(approved.stream());
          e.hears(
              frame.by(), Words.of("ADMIN_RESULT", "list", null, null, null, entries, null, null));
        });
  }

  void kick(Expected e, AdminFrame frame, String reason) {
    permitted(e, frame)
        .ifPresent(by -> {
          List<Seat> online = onlineOf(frame.target());
          noteFormer(frame.target(), online);
          audit(frame, by, online.isEmpty() ? "not online" : "done");
          if (online.isEmpty()) {
            e.hears(frame.by(), Words.error("AGENT_NOT_FOUND"));
            return;
          }
          online.forEach(seat -> {
            e.hears(seat, Words.of("KICKED", reason.isEmpty() ? "Kicked by admin" : reason));
            sendAway(e, seat, "1000 Kicked by admin");
          });
          answer(e, frame.by(), result("kick", frame.target(), null, null));
        });
  }

  void ban(Expected e, AdminFrame frame, String reason) {
    permitted(e, frame)
        .ifPresent(by -> {
          AgentId agent = frame.target();
          audit(frame, by, "done");
          List<Seat> online = onlineOf(agent);
          noteFormer(agent, online);
          String network =
              online.stream()
                  .filter(seat -> seat.identity == null)
                  .map(seat -> seat.address)
                  .findFirst()
                  .orElse(null);
          names(agent).forEach(bans::remove);
          bans.put(agent, new Ban(reason, network));
          online.forEach(seat -> banned(e, seat, reason));
          answer(e, frame.by(), result("ban", agent, null, null));
        });
  }

  private void noteFormer(AgentId named, List<Seat> online) {
    if (online.stream().anyMatch(seat -> !seat.is(named))) {
      turns.add("found by another name");
    }
  }

  void unban(Expected e, AdminFrame frame) {
    permitted(e, frame)
        .ifPresent(by -> {
          boolean known = bans.keySet().removeAll(names(frame.target()));
          audit(frame, by, known ? "done" : "not banned");
          e.hears(
              frame.by(),
              known ? result("unban", frame.target(), null, null) : Words.error("AGENT_NOT_FOUND"));
        });
  }

  void vouch(Expected e, AdminFrame frame, boolean verified) {
    permitted(e, frame)
        .ifPresent(by -> {
          List<Seat> online = onlineOf(frame.target());
          noteFormer(frame.target(), online);
          audit(frame, by, online.isEmpty() ? "not online" : "done");
          if (online.isEmpty()) {
            e.hears(frame.by(), Words.error("AGENT_NOT_FOUND"));
            return;
          }
          String note =
              verified
                  ? "You have been granted verified status ✓"
                  : "Your verified status has been revoked";
          online.forEach(seat -> {
            if (verified) {
              seat.verified = true;
            } else {
              doubt(e, seat);
            }
            e.hears(seat, result("verify", null, verified, note));
          });
          e.hears(frame.by(), result("verify", frame.target(), verified, null));
        });
  }

  /// @param kick whether everybody else is sent away
  void motd(Expected e, AdminFrame frame, @Nullable String text, boolean kick) {
    permitted(e, frame)
        .ifPresent(by -> {
          audit(frame, by, "done");
          motd = text;
          seats.forEach(seat -> e.hears(seat, Words.of("MOTD_UPDATE", text)));
          e.hears(frame.by(), Words.of("ADMIN_RESULT", "motd", null, null, null, null, text, kick));
          if (kick) {
            seats().stream()
                .filter(seat -> seat != frame.by())
                .forEach(seat -> {
                  if (seat.isIn()) {
                    depart(e, seat, true);
                  }
                  end(e, seat, "1001 Server maintenance");
                });
          }
        });
  }

  /// A request for the list of connections: the answer's status.
  int connections(String address, @Nullable String key) {
    if (key == null) {
      return 401;
    }
    if (isLocked(address)) {
      return 429;
    }
    boolean right = key.equals(OPERATION);
    if (!right) {
      wrongKey(address);
    }
    audit.add(
        audited(
            "admin_connections",
            "",
            right ? "operation key" : "nobody",
            "",
            "",
            right ? "done" : "wrong admin key"));
    return right ? 200 : 401;
  }
}
