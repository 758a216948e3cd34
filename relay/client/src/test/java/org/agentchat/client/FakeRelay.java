package org.agentchat.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ClientFrame;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.message.MessageSignature;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// A relay for tests: strict (every frame must be in good form, every signature must verify, no
/// nonce may repeat, nothing may come before IDENTIFY) and scriptable: [#on] replaces what it does
/// with one kind of message. What it objects to is in [#complaints].
final class FakeRelay implements AutoCloseable {
  static final String ORIGIN = "relay.test/log";
  static final String NAME = "relay.test";

  /// What it pretends to be: ours names questions and takes `agentchat/2`, the reference does not.
  enum Kind {
    OURS,
    REFERENCE
  }

  /// A client's frame in good form.
  record Asked(ClientMessage message, @Nullable String id) {}

  interface Handler {
    void handle(Peer peer, Asked asked);
  }

  private record Deal(AgentId from, AgentId to) {
    boolean concerns(AgentId agent) {
      return agent.equals(from) || agent.equals(to);
    }
  }

  private final Kind kind;
  private final ServerSocket server;
  private final String scheme;
  private final Ed25519Verifier verifier = new Ed25519Verifier();
  private final Map<Class<?>, Handler> handlers = new ConcurrentHashMap<>();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<SignedStatement> statements = new CopyOnWriteArrayList<>();
  private final Map<Peer, AgentKey> claimed = new ConcurrentHashMap<>();
  private final Map<String, Deal> deals = new ConcurrentHashMap<>();
  private final Set<String> nonces = ConcurrentHashMap.newKeySet();
  private final AtomicInteger counter = new AtomicInteger();
  private volatile boolean takesJoined;
  private volatile boolean closing;

  private FakeRelay(Kind kind, ServerSocket server, String scheme) {
    this.kind = kind;
    this.server = server;
    this.scheme = scheme;
    this.takesJoined = kind == Kind.REFERENCE;
    handlers.put(ClientMessage.Identify.class, this::identify);
    handlers.put(ClientMessage.VerifyIdentity.class, this::verifyIdentity);
    handlers.put(ClientMessage.Join.class, this::join);
    handlers.put(ClientMessage.Leave.class, this::leave);
    handlers.put(ClientMessage.Msg.class, this::msg);
    handlers.put(ClientMessage.ListChannels.class, this::listChannels);
    handlers.put(ClientMessage.ListAgents.class, this::listAgents);
    handlers.put(ClientMessage.Ping.class, this::ping);
    handlers.put(ClientMessage.State.class, this::state);
  }

  static FakeRelay start(Kind kind) throws IOException {
    return start(kind, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "ws");
  }

  static FakeRelay start(Kind kind, ServerSocket server, String scheme) {
    FakeRelay relay = new FakeRelay(kind, server, scheme);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  URI uri() {
    return URI.create(scheme + "://localhost:" + server.getLocalPort());
  }

  /// Replaces what happens with one kind of message.
  void on(Class<? extends ClientMessage> type, Handler handler) {
    handlers.put(type, handler);
  }

  /// Takes `agentchat/1` although it offers more.
  void takeJoined() {
    takesJoined = true;
  }

  /// Every connection so far, oldest first.
  List<Peer> peers() {
    return peers;
  }

  /// The newest connection.
  Peer peer() {
    return peers.getLast();
  }

  List<String> complaints() {
    return complaints;
  }

  /// Every statement that verified, oldest first.
  List<SignedStatement> statements() {
    return statements;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Peer peer = new Peer(socket);
      peer.shakeHands();
      peers.add(peer);
      Optional<String> text = peer.read();
      while (text.isPresent()) {
        handle(peer, text.get());
        text = peer.read();
      }
    } catch (IOException | RuntimeException e) {
      // Lines that it cuts itself as it closes are nobody's fault.
      if (!closing) {
        complaints.add("broke: " + e);
      }
    }
  }

  private void handle(Peer peer, String text) {
    switch (ClientMessageCodec.decode(text)) {
      case ClientFrame.Invalid(String complaint, _) -> complain(complaint + " in " + text);
      case ClientFrame.Accepted(ClientMessage message, String id) -> {
        boolean early =
            !peer.isIdentified()
                && !(message instanceof ClientMessage.Identify)
                && !(message instanceof ClientMessage.VerifyIdentity)
                && !(message instanceof ClientMessage.CaptchaResponse);
        require(!early, "before WELCOME: " + text);
        require(id != null, "no client_msg_id in " + text);
        Handler handler = handlers.get(message.getClass());
        if (handler != null) {
          handler.handle(peer, new Asked(message, kind == Kind.OURS ? id : null));
        }
      }
    }
  }

  private void require(boolean good, String complaint) {
    if (!good) {
      complain(complaint);
    }
  }

  private void complain(String complaint) {
    complaints.add(complaint);
  }

  void refuse(Peer peer, Asked asked, String code, String message) {
    peer.send(new ServerMessage.Refused(1, code, message, null, asked.id()));
  }

  void identify(Peer peer, Asked asked) {
    ClientMessage.Identify identify = (ClientMessage.Identify) asked.message();
    AgentKey key = identify.key();
    if (key == null) {
      welcome(peer, new AgentId("eph" + counter.incrementAndGet()), null);
      return;
    }
    claimed.put(peer, key);
    boolean ours = kind == Kind.OURS;
    peer.send(
        new ServerMessage.Challenge(
            1,
            "chal_1",
            "0123456789abcdef0123456789abcdef",
            2,
            ours ? ORIGIN : null,
            ours ? NAME : null));
  }

  private void verifyIdentity(Peer peer, Asked asked) {
    ClientMessage.VerifyIdentity proof = (ClientMessage.VerifyIdentity) asked.message();
    AgentKey key = claimed.get(peer);
    if (key == null) {
      complain("no challenge was sent");
      return;
    }
    String nonce = "0123456789abcdef0123456789abcdef";
    boolean bound = proof.scheme().equals(Scheme.BOUND);
    require(bound || takesJoined, "proved with " + proof.scheme());
    byte[] bytes =
        bound
            ? Scheme.Bound.proofBytes(
                key, "chal_1", nonce, ORIGIN, NAME, (long) proof.timestamp().value())
            : ClientMessageCodec.proofText(nonce, "chal_1", proof.timestamp())
                .getBytes(StandardCharsets.UTF_8);
    if (verifier.verify(key, bytes, Signature.ofBase64(proof.signature()))) {
      welcome(peer, key.id(), key);
    } else {
      refuse(peer, asked, "VERIFICATION_FAILED", "Invalid signature");
    }
  }

  void welcome(Peer peer, AgentId id, @Nullable AgentKey key) {
    peer.identified(id, key);
    boolean ours = kind == Kind.OURS;
    peer.send(
        new ServerMessage.Welcome(
            1,
            id,
            "name",
            "test",
            key == null ? null : false,
            null,
            null,
            null,
            null,
            "WARNING",
            ours ? ORIGIN : null,
            ours ? List.of(Scheme.JOINED, Scheme.BOUND) : null));
  }

  void join(Peer peer, Asked asked) {
    String channel = ((ClientMessage.Join) asked.message()).channel();
    List<ServerMessage.Member> members =
        List.of(new ServerMessage.Member(peer.id(), "name", false));
    peer.send(new ServerMessage.Joined(1, channel, members, asked.id()));
  }

  void leave(Peer peer, Asked asked) {
    String channel = ((ClientMessage.Leave) asked.message()).channel();
    peer.send(new ServerMessage.Left(1, channel, asked.id()));
  }

  void msg(Peer peer, Asked asked) {
    ClientMessage.Msg msg = (ClientMessage.Msg) asked.message();
    if (msg.signature() != null && msg.ts() != null && peer.key() != null) {
      byte[] bytes = MessageSignature.bytes(msg.to(), msg.content(), msg.ts());
      Signature signature = Signature.ofBase64(msg.signature());
      require(verifier.verify(peer.key(), bytes, signature), "wrong signature on a MSG");
    }
    for (Peer other : peers) {
      if (other.isHere()) {
        other.send(echo(peer, msg, other == peer ? asked.id() : null));
      }
    }
  }

  ServerMessage.Msg echo(Peer from, ClientMessage.Msg msg, @Nullable String id) {
    return new ServerMessage.Msg(
        1,
        from.id(),
        "name",
        msg.to(),
        msg.content(),
        "m" + counter.incrementAndGet(),
        false,
        msg.signature(),
        msg.ts(),
        msg.inReplyTo(),
        null,
        id);
  }

  private void listChannels(Peer peer, Asked asked) {
    List<ServerMessage.ChannelSummary> list =
        List.of(new ServerMessage.ChannelSummary("#general", 1, null));
    peer.send(new ServerMessage.Channels(1, list, asked.id()));
  }

  private void listAgents(Peer peer, Asked asked) {
    String channel = ((ClientMessage.ListAgents) asked.message()).channel();
    List<ServerMessage.Presence> list =
        List.of(new ServerMessage.Presence(peer.id(), "name", "online", null, false));
    peer.send(new ServerMessage.Agents(1, channel, list, asked.id()));
  }

  void ping(Peer peer, Asked asked) {
    peer.send(new ServerMessage.Pong(1, asked.id()));
  }

  void state(Peer peer, Asked asked) {
    ClientMessage.State state = (ClientMessage.State) asked.message();
    AgentKey key = peer.key();
    if (key == null) {
      complain("a statement without a key");
      return;
    }
    Signature signature = Signature.ofBase64(state.signature());
    SignedStatement signed = new SignedStatement(state.statement(), state.scheme(), key, signature);
    require(signed.isValid(verifier), "wrong signature on a " + state.statement().type());
    switch (state.scheme()) {
      case Scheme.Joined _ -> require(takesJoined, "an agentchat/1 statement");
      case Scheme.Bound(String origin, long ts, String nonce) -> {
        require(kind == Kind.OURS, "an agentchat/2 statement");
        require(origin.equals(ORIGIN), "signed for " + origin);
        require(Math.abs(ts - System.currentTimeMillis()) < 60_000, "signed at " + ts);
        require(nonce.length() >= 22 && nonces.add(nonce), "nonce " + nonce);
      }
    }
    statements.add(signed);
    record(peer, asked, signed);
  }

  private void record(Peer peer, Asked asked, SignedStatement signed) {
    Deal deal =
        switch (signed.statement()) {
          case Statement.Proposal proposal -> new Deal(peer.id(), proposal.to());
          case Statement.Accept accept -> deals.get(accept.proposalId());
          case Statement.Reject reject -> deals.get(reject.proposalId());
          case Statement.Complete complete -> deals.get(complete.proposalId());
          case Statement.Dispute dispute -> deals.get(dispute.proposalId());
          case RegisterSkills _,
              CourtStatement _,
              KeyStatement _,
              EscrowStatement _,
              DeploymentStatement _ ->
              null;
        };
    if (deal == null) {
      refuse(peer, asked, "PROPOSAL_NOT_FOUND", "Proposal not found");
      return;
    }
    ServerMessage frame = frame(peer, deal, signed);
    for (Peer other : peers) {
      if (other != peer && other.isHere() && deal.concerns(other.id())) {
        other.send(frame);
      }
    }
    peer.send(frame);
  }

  private ServerMessage frame(Peer peer, Deal deal, SignedStatement signed) {
    String sig = signed.signature().base64();
    AgentId from = deal.from();
    AgentId to = deal.to();
    EloStakes stakes = new EloStakes(0, 0);
    return switch (signed.statement()) {
      case Statement.Proposal p -> {
        String id = "prop_" + counter.incrementAndGet();
        deals.put(id, deal);
        yield new ServerMessage.Proposal(
            1,
            id,
            id,
            from,
            to,
            p.task(),
            p.amount(),
            p.currency(),
            p.paymentCode(),
            p.terms(),
            null,
            "pending",
            1,
            sig,
            p.eloStake(),
            p.capability(),
            p.escrow(),
            7L);
      }
      case Statement.Accept a ->
          new ServerMessage.Accept(
              1, a.proposalId(), "accepted", 1, from, to, a.paymentCode(), sig, null, 0, 8L);
      case Statement.Reject r ->
          new ServerMessage.Reject(1, r.proposalId(), "rejected", 1, from, to, r.reason(), sig, 8L);
      case Statement.Complete c ->
          new ServerMessage.Complete(
              1,
              c.proposalId(),
              "completed",
              1,
              from,
              to,
              peer.id(),
              1,
              c.proof(),
              sig,
              stakes,
              null,
              9L);
      case RegisterSkills _,
          CourtStatement _,
          KeyStatement _,
          EscrowStatement _,
          DeploymentStatement _ ->
          throw new IllegalStateException("not in a deal");
      case Statement.Dispute d ->
          new ServerMessage.Dispute(
              1,
              d.proposalId(),
              "disputed",
              1,
              from,
              to,
              peer.id(),
              1,
              d.reason(),
              sig,
              stakes,
              null,
              9L);
    };
  }

  @Override
  public void close() throws IOException {
    closing = true;
    server.close();
    peers.forEach(Peer::cut);
  }
}
