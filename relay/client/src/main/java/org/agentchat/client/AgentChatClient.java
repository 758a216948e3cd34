package org.agentchat.client;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.EscrowNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.SkillQuery;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// An agent's connection to an AgentChat relay, ours or any other. Thread-safe.
///
/// An operation waits for its own answer, for [Timeouts#reply] at most, and gives a [Reply]. It
/// throws [ConnectionLostException] when there is no connection or it ends meanwhile,
/// [NoAnswerException] when no answer comes in time, and [OverloadedException] when too much waits
/// already; [ClientException#outcomeUnknown] tells whether the relay may have acted all the same.
/// Operations on one of our relays do not wait for each other; elsewhere, where answers do not say
/// what they answer, they take turns.
///
/// A lost connection is restored as [ReconnectPolicy] says, in the joined channels too, whose
/// recent messages then come again marked `replay`. Meanwhile operations fail; nothing is sent
/// later. When another connection proves the same key, this one stays away.
///
/// Listeners are called one at a time, in the order of what they hear, on a thread of the client's
/// own, so they may wait and may call the client. When more than 8,192 frames or 32 Mi characters
/// wait for them, the connection is ended with that reason.
public final class AgentChatClient implements AutoCloseable {
  private final ClientSettings settings;
  private final HttpClient http;
  private final boolean ownsHttp;
  private final Listeners listeners = new Listeners();
  private final Link link;
  private final StatementSigner signer;
  private final Proofs proofs;

  private AgentChatClient(ClientSettings settings, HttpClient http, boolean ownsHttp) {
    this.settings = settings;
    this.http = http;
    this.ownsHttp = ownsHttp;
    this.link = new Link(settings, http, listeners);
    this.signer =
        new StatementSigner(settings.joinedOnly(), InstantSource.system(), new SecureRandom());
    this.proofs = new Proofs(link, settings.identity());
    listeners.start();
  }

  /// A client that is not connected yet.
  public static AgentChatClient of(ClientSettings settings) {
    return new AgentChatClient(settings, httpFor(settings), true);
  }

  /// A client that shares the threads of an HTTP client, for programs that are many agents. The
  /// HTTP client's TLS counts, not that of the settings, and closing it is up to the caller.
  public static AgentChatClient sharing(HttpClient http, ClientSettings settings) {
    return new AgentChatClient(settings, http, false);
  }

  private static HttpClient httpFor(ClientSettings settings) {
    HttpClient.Builder builder = HttpClient.newBuilder().executor(Thread::startVirtualThread);
    if (settings.tls() != null) {
      builder.sslContext(settings.tls());
    }
    return builder.build();
  }

  /// Connects once and proves the key. After a refusal or a failure it may be called again, and
  /// also after the client has stopped reconnecting.
  ///
  /// @throws ConnectFailedException if there is no WELCOME within [Timeouts#connect]
  /// @throws IllegalStateException if it is connected, or closed
  public Reply<ServerMessage.Welcome> connect() {
    return link.connect();
  }

  /// Whether there is a connection right now.
  public boolean isConnected() {
    return link.isConnected();
  }

  /// What the relay said when it let this connection in.
  ///
  /// @throws ConnectionLostException if there is no connection
  public ServerMessage.Welcome welcome() {
    return link.session().welcome();
  }

  /// Who we are to the relay; an ephemeral agent is another one after each reconnect.
  ///
  /// @throws ConnectionLostException if there is no connection
  public AgentId agentId() {
    return welcome().agentId();
  }

  /// The channels joined by [#join], in that order.
  public List<String> channels() {
    return link.channels();
  }

  /// Asks to hear a channel, also after a reconnect.
  ///
  /// @param channel with its `#`
  public Reply<ServerMessage.Joined> join(String channel) {
    Reply<ServerMessage.Joined> reply = link.session().ask(Question.join(channel));
    if (reply instanceof Reply.Done) {
      link.joined(channel);
    }
    return reply;
  }

  /// Asks to hear a channel no more.
  public Reply<ServerMessage.Left> leave(String channel) {
    Reply<ServerMessage.Left> reply = link.session().ask(Question.leave(channel));
    if (reply instanceof Reply.Done) {
      link.left(channel);
    }
    return reply;
  }

  /// Makes a channel and joins it, also after a reconnect.
  ///
  /// @param channel with its `#`
  /// @param inviteOnly whether only invited agents may join; it is never listed then
  public Reply<ServerMessage.Joined> createChannel(String channel, boolean inviteOnly) {
    Reply<ServerMessage.Joined> reply =
        link.session().ask(Question.createChannel(channel, inviteOnly));
    if (reply instanceof Reply.Done) {
      link.joined(channel);
    }
    return reply;
  }

  /// Lets an agent into an invite-only channel that we are in. Done means that the relay did not
  /// object, for it does not say more.
  public Reply<AgentId> invite(String channel, AgentId agent) {
    return link.session().ask(Question.invite(channel, agent)).map(_ -> agent);
  }

  /// Takes another name until the connection ends.
  ///
  /// @param nick 1 to 24 of `[a-zA-Z0-9_-]`
  public Reply<ChatNotice.NickChanged> setNick(String nick) {
    Session session = link.session();
    return session.ask(Question.nick(session.welcome().agentId(), nick));
  }

  /// Tells those who share a channel how busy we are, until the connection ends. Done means that
  /// the relay did not object.
  ///
  /// @param status one of [org.agentchat.schemas.message.ChatCodec#STATUSES]
  /// @param text at most [org.agentchat.schemas.message.ChatCodec#MAX_STATUS_CHARS]; null for none
  public Reply<String> setPresence(String status, @Nullable String text) {
    return link.session()
        .ask(Question.presence(new ChatMessage.SetPresence(status, text)))
        .map(_ -> status);
  }

  /// Tells a channel that we are writing. Done means that the relay did not object; it passes on
  /// only so many a second, and says nothing of the others. A PING goes with each, and both count
  /// towards a flood: a relay that is set as by default ends a connection that says it 30 times in
  /// 10 s, so say it every few seconds at the most.
  ///
  /// @return the channel
  public Reply<String> typing(String channel) {
    return link.session().ask(Question.typing(channel)).map(_ -> channel);
  }

  /// Hands an agent a piece of a file, as [org.agentchat.schemas.message.ChatMessage.FileChunk].
  /// Done means that the relay has passed it on; it passes on only so many a second, and refuses
  /// the others as `RATE_LIMITED`. A PING goes with each, which counts towards a flood, as a
  /// refused piece does too: a relay that is set as by default ends a connection that has sent 60
  /// of them in 10 s, so send five a second at the most.
  ///
  /// @param content at most [ClientMessageCodec#MAX_CONTENT_CHARS]
  public Reply<AgentId> sendFileChunk(AgentId to, String content) {
    return link.session()
        .ask(Question.fileChunk(new ChatMessage.FileChunk(to.toString(), content)))
        .map(_ -> to);
  }

  /// Does what admins do: by the key that this client has proved, or by the shared key in the
  /// frame. Who sends itself away hears no answer: [ConnectionLostException].
  ///
  /// @return what was done; for the allowlist, its entries
  public Reply<AccessNotice.AdminResult> administer(AdminMessage act) {
    return link.session().ask(Question.administer(act));
  }

  /// Asks an agent to prove its key and waits, for 35 s at most. On a relay whose answers do not
  /// say what they answer, other operations wait as long.
  ///
  /// @return the key, which is the one of the id; refused as `VERIFICATION_FAILED` when it was not
  ///   proved in time
  public Reply<AgentKey> verify(AgentId agent) {
    return proofs.verify(agent);
  }

  /// Proves our key to whoever asked, if what is to be signed can be nothing else: 16 to 128
  /// characters of `[0-9A-Za-z_-]`.
  ///
  /// @return whether the relay found the proof good; refused without asking the relay when there is
  ///   no identity or the nonce is of another form
  public Reply<Boolean> respondToVerification(ChatNotice.VerifyRequest request) {
    return proofs.respond(request);
  }

  /// Answers every request to prove our key from now on; 8 at the same time, others stay
  /// unanswered. Does nothing without an identity.
  public Subscription answerVerifications() {
    return on(ChatNotice.VerifyRequest.class, proofs::respondLater);
  }

  /// Says something; signed when there is an identity. Done means that the relay has passed it on.
  ///
  /// @param to `#channel` or `@agent`
  /// @return the message as others see it: secrets may have been taken out
  public Reply<ServerMessage.Msg> send(String to, String content) {
    return send(to, content, null);
  }

  /// Says something in answer to a message.
  ///
  /// @param inReplyTo the other message's `msg_id`
  public Reply<ServerMessage.Msg> send(String to, String content, @Nullable String inReplyTo) {
    Session session = link.session();
    Identity identity = settings.identity();
    ClientMessage.Msg message =
        identity == null
            ? new ClientMessage.Msg(to, content, null, null, inReplyTo)
            : ClientMessageCodec.signed(identity, to, content, signer.clock().millis(), inReplyTo);
    return session.ask(Question.send(session.welcome().agentId(), message));
  }

  /// Asks which channels there are.
  public Reply<List<ServerMessage.ChannelSummary>> listChannels() {
    return link.session().ask(Question.listChannels()).map(ServerMessage.Channels::list);
  }

  /// Asks who is in a channel.
  public Reply<List<ServerMessage.Presence>> listAgents(String channel) {
    return link.session().ask(Question.listAgents(channel)).map(ServerMessage.Agents::list);
  }

  /// Measures the round trip through the relay.
  public Reply<Duration> ping() {
    long start = System.nanoTime();
    return link.session()
        .ask(Question.ping())
        .map(_ -> Duration.ofNanos(System.nanoTime() - start));
  }

  /// Offers work.
  public Reply<ServerMessage.Proposal> propose(Statement.Proposal proposal) {
    return state(proposal, ServerMessage.Proposal.class);
  }

  /// Takes an offer.
  public Reply<ServerMessage.Accept> accept(Statement.Accept accept) {
    return state(accept, ServerMessage.Accept.class);
  }

  /// Declines an offer.
  public Reply<ServerMessage.Reject> reject(Statement.Reject reject) {
    return state(reject, ServerMessage.Reject.class);
  }

  /// Says that the work is done.
  public Reply<ServerMessage.Complete> complete(Statement.Complete complete) {
    return state(complete, ServerMessage.Complete.class);
  }

  /// Says that the other side is at fault.
  public Reply<ServerMessage.Dispute> dispute(Statement.Dispute dispute) {
    return state(dispute, ServerMessage.Dispute.class);
  }

  /// Says what we offer to do; our earlier list is gone.
  public Reply<ServerMessage.SkillsRegistered> registerSkills(RegisterSkills skills) {
    return state(skills, ServerMessage.SkillsRegistered.class);
  }

  /// Asks who offers what.
  public Reply<ServerMessage.SearchResults> searchSkills(SkillQuery query) {
    return link.session().ask(Question.search(query, signer.queryId()));
  }

  /// Lets another key take the place of ours: rating, deals and receipts are its own from then on.
  /// Done means that ours has ended; the relay then closes the connection, and a client with the
  /// new identity has to be made.
  ///
  /// @param next kept in a safe place already: who loses it now loses the account
  public Reply<ServerMessage.KeyRotated> rotateKey(Identity next) {
    Identity identity = settings.identity();
    String origin = welcome().origin();
    if (identity == null || origin == null) {
      return keyless("ROTATE_KEY");
    }
    return state(KeyStatement.RotateKey.of(identity, next, origin), ServerMessage.KeyRotated.class);
  }

  /// Ends our key for good, without another in its place; the relay then closes the connection.
  public Reply<ServerMessage.KeyRevoked> revokeKey(@Nullable String reason) {
    return welcome().origin() == null
        ? keyless("REVOKE_KEY")
        : state(new KeyStatement.RevokeKey(reason), ServerMessage.KeyRevoked.class);
  }

  /// Binds a wallet to our account for one escrow contract; an earlier one for the same is
  /// replaced. Needs a relay that names its log.
  ///
  /// @param bind with the wallet's own signature over our key, see
  ///   [org.agentchat.schemas.escrow.WalletBinding]
  public Reply<EscrowNotice.WalletBound> bindWallet(EscrowStatement.WalletBind bind) {
    return welcome().origin() == null
        ? keyless("WALLET_BIND")
        : state(bind, EscrowNotice.WalletBound.class);
  }

  /// Says what was seen of a deal's escrow on its chain, as the observer that its terms name.
  public Reply<EscrowNotice.Observed> observe(EscrowStatement.Observation seen) {
    return welcome().origin() == null
        ? keyless(seen.type())
        : state(seen, EscrowNotice.Observed.class);
  }

  private static <T> Reply<T> keyless(String type) {
    return new Reply.Refused<>(
        ErrorCode.SIGNATURE_REQUIRED.name(),
        "A %s must be signed by an identity for a relay that names its log".formatted(type),
        null);
  }

  private <T extends ServerMessage> Reply<T> state(Statement statement, Class<T> answer) {
    if (settings.identity() == null) {
      return new Reply.Refused<>(
          ErrorCode.SIGNATURE_REQUIRED.name(),
          "A " + statement.type() + " must be signed, and this client has no identity",
          null);
    }
    return submit(sign(statement)).map(answer::cast);
  }

  /// Signs a statement for the relay of this connection without sending it.
  ///
  /// @throws org.agentchat.schemas.statement.InvalidStatementException if the scheme cannot carry
  ///   it
  /// @throws IllegalStateException without an identity
  /// @throws ConnectionLostException if there is no connection
  public SignedStatement sign(Statement statement) {
    Identity identity = settings.identity();
    if (identity == null) {
      throw new IllegalStateException("a client without an identity cannot sign");
    }
    return signer.sign(identity, welcome(), statement);
  }

  /// Sends a signed statement; Done means that it is in the log and applied. The value is the frame
  /// that says so, of a duty of an arbiter the PONG behind it; of a DISPUTE_REVEAL the draw, which
  /// needs the relay that recorded the case. Sending it again is safe under `agentchat/2`: a copy
  /// is refused with the index of the first.
  public Reply<ServerMessage> submit(SignedStatement signed) {
    return link.session().ask(Question.submit(signed));
  }

  /// Hears every frame of the relay.
  public Subscription onFrame(Consumer<ServerFrame> listener) {
    return listeners.onFrame(listener);
  }

  /// Hears messages of one kind; [ServerMessage] itself for all.
  public <M extends ServerMessage> Subscription on(Class<M> kind, Consumer<M> listener) {
    return listeners.onFrame(frame ->
        Optional.of(frame.message()).filter(kind::isInstance).map(kind::cast).ifPresent(listener));
  }

  /// Hears the end of every connection, [#close] included.
  public Subscription onDisconnect(Consumer<Disconnected> listener) {
    return listeners.onDisconnect(listener);
  }

  /// Hears that a connection was restored.
  public Subscription onReconnect(Consumer<Reconnected> listener) {
    return listeners.onReconnect(listener);
  }

  /// Closes the connection for good. What waits for an answer fails; what was heard before is still
  /// told to the listeners. Idempotent; takes 2 s at most.
  @Override
  public void close() {
    link.close();
    listeners.stop();
    if (ownsHttp) {
      http.shutdownNow();
    }
  }
}
