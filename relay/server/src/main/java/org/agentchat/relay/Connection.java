package org.agentchat.relay;

import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One socket: what has come in, what is to go out, and who it is.
///
/// Frames come in on an I/O thread and are handled, in order, by one virtual thread. Anybody may
/// [#send]. State that only the handling thread touches is in [Session].
final class Connection implements Backlog.Listener {
  /// Close codes, RFC 6455 section 7.4.1; 1013 is registered as *try again later*.
  static final int NORMAL = 1000;

  static final int GOING_AWAY = 1001;
  static final int POLICY = 1008;
  static final int INTERNAL_ERROR = 1011;
  static final int TRY_AGAIN_LATER = 1013;

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration ROOM_LOOK = Duration.ofMillis(10);

  /// How long the handling thread sleeps without a frame. Closing wakes it, so nothing hangs on
  /// this; ten thousand that wake every second cost a fifth of a core.
  private static final long TAKE_MILLIS = 60_000;

  private final WebSocketChannel channel;
  private final InetAddress client;
  private final Optional<String> userAgent;
  private final RelayClock clock;
  private final Inbox inbox;
  private final Outbox outbox;
  private final OutgoingRoom room;
  private final FrameReader reader;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Set<String> channels = ConcurrentHashMap.newKeySet();
  private final long openedAt;
  private volatile @Nullable Agent agent;
  private volatile Presence presence = Presence.ONLINE;
  private volatile long lastHeardAt;
  private volatile long closedAt;
  private volatile @Nullable Deadline deadline;
  private volatile boolean closed;
  private final Acknowledgements acknowledgements;
  private volatile boolean countsAsHeard;

  /// @param client where the peer really is, see [ClientAddress]
  /// @param userAgent what it calls its software, if it does
  Connection(
      WebSocketChannel channel,
      InetAddress client,
      Optional<String> userAgent,
      RelayLimits limits,
      IncomingRoom incoming,
      OutgoingRoom outgoing,
      RelayClock clock) {
    this.channel = channel;
    this.client = client;
    this.userAgent = userAgent;
    this.clock = clock;
    this.inbox = new Inbox(limits, channel::suspendReceives, channel::resumeReceives);
    this.outbox = new Outbox(channel, limits, outgoing);
    this.room = outgoing;
    this.reader = new FrameReader(this, limits, incoming, clock);
    this.acknowledgements =
        new Acknowledgements(clock, payload -> outbox.offer(OutgoingFrame.ping(payload)));
    this.openedAt = clock.millis();
    this.lastHeardAt = openedAt;
  }

  /// Who is connected, once it is known.
  Optional<Agent> agent() {
    return Optional.ofNullable(agent);
  }

  synchronized void identified(Agent known) {
    agent = known;
  }

  /// Changes what is known of the agent, one change after the other; the agent as it is then, or
  /// empty before it is identified.
  synchronized Optional<Agent> change(UnaryOperator<Agent> change) {
    Optional<Agent> changed = agent().map(change);
    changed.ifPresent(known -> agent = known);
    return changed;
  }

  /// How busy the agent says that it is.
  Presence presence() {
    return presence;
  }

  void present(Presence now) {
    presence = now;
  }

  /// What the peer must answer in time, and what it is told when it does not.
  ///
  /// @param at milliseconds since 1970
  record Deadline(long at, ErrorCode code, String message) {}

  /// What waits for an answer.
  Optional<Deadline> deadline() {
    return Optional.ofNullable(deadline);
  }

  /// Sets what waits for an answer, or that nothing does.
  void mustActBy(@Nullable Deadline next) {
    deadline = next;
  }

  long openedAt() {
    return openedAt;
  }

  /// When the peer last sent anything, a pong included.
  long lastHeardAt() {
    return lastHeardAt;
  }

  void heard() {
    lastHeardAt = clock.millis();
  }

  boolean isClosed() {
    return closed || hasLeft();
  }

  /// Whether the relay has closed it. Set before the connection is taken out of what it is in, so
  /// whoever puts it into something looks at this while nobody else may change that.
  @Override
  public boolean isShut() {
    return closed;
  }

  /// Whether no frame is to be handled any more: the relay has closed it, or the peer has left and
  /// all that it sent before is handled.
  boolean isOver() {
    return closed || (hasLeft() && inbox.isEmpty());
  }

  /// Wakes who waits for a frame that will not come: the socket is closed.
  void gone() {
    gone.countDown();
    reader.gone();
    outbox.gone();
    inbox.wake();
  }

  /// What puts the peer's messages together.
  FrameReader reader() {
    return reader;
  }

  /// Waits so long, or until the socket is closed.
  void awaitGone(Duration atMost) throws InterruptedException {
    var _ = gone.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Whether the peer has closed, or answered our close.
  boolean hasLeft() {
    return channel.isCloseFrameReceived() || !channel.isOpen();
  }

  /// Where the peer is.
  InetAddress client() {
    return client;
  }

  /// The peer's address, as text.
  String address() {
    return client.getHostAddress();
  }

  /// What counts as one place, as text, see [ClientAddress#network].
  String network() {
    return ClientAddress.network(client).getHostAddress();
  }

  Optional<String> userAgent() {
    return userAgent;
  }

  /// The names of the channels that the connection is in.
  Set<String> channels() {
    return channels;
  }

  /// Takes a frame from the I/O thread. A full inbox pauses reading until it is handled.
  void receive(Frame frame) {
    heard();
    if (closed || !inbox.offer(frame)) {
      frame.handled().run();
      close(POLICY, "Too many frames at once");
    }
  }

  /// Reads nothing more until [#readOn].
  void holdUp() {
    inbox.holdUp();
  }

  /// Goes on reading, unless the inbox is full.
  void readOn() {
    inbox.readOn();
  }

  /// Drops what was received, now and from now on: nobody handles it.
  void stopTaking() {
    inbox.close();
  }

  /// The next frame, or empty when none came for a while.
  Optional<Frame> take() throws InterruptedException {
    return inbox.take(TAKE_MILLIS);
  }

  /// Queues a message for the peer.
  void send(ServerMessage message) {
    send(OutgoingFrame.of(message));
  }

  @Override
  public void tell(byte[] utf8) {
    send(OutgoingFrame.text(utf8));
  }

  /// Finds out when what was told has arrived.
  @Override
  public void toldUpTo(long index) {
    acknowledgements.sent(index);
  }

  @Override
  public boolean awaitRoom() throws InterruptedException {
    while (!isClosed() && !outbox.hasRoom()) {
      awaitGone(ROOM_LOOK);
    }
    return !isClosed();
  }

  /// The peer's WebSocket answered a ping, so what was sent before it has arrived.
  void ponged(ByteBuffer payload) {
    heard();
    acknowledgements.ponged(payload);
  }

  /// Finds out about what was sent meanwhile.
  void askIfBehind() {
    acknowledgements.askIfBehind();
  }

  /// Whether this connection is told everything that its agent has not heard.
  void countAsHeard(boolean counts) {
    countsAsHeard = counts;
  }

  /// The index of the last entry whose frame surely arrived, -1 when there is none or some were
  /// left out.
  long heardUpTo() {
    return countsAsHeard ? acknowledgements.heardUpTo() : -1;
  }

  /// Queues an encoded frame; a peer too far behind is disconnected, and so is whoever is furthest
  /// behind when the relay holds too much for all.
  void send(OutgoingFrame frame) {
    if (!outbox.offer(frame)) {
      LOG.info("disconnecting {}: it reads too slowly", this);
      markClosed();
      outbox.abandon();
      WebSockets.sendClose(TRY_AGAIN_LATER, "TOO_SLOW: read faster or resume", channel, null);
    }
    room.relieve();
  }

  /// How many bytes wait for the peer.
  long bytesBehind() {
    return outbox.bytesBehind();
  }

  /// Ends the socket, since the relay holds too much and this peer is furthest behind. It has not
  /// read for a while, so it would not hear why.
  void cutOff() {
    LOG.warn("cutting off {}: too many bytes wait, {} of them for it", this, bytesBehind());
    markClosed();
    terminate();
  }

  /// Whether a frame of so many bytes leaves the peer at least half of what it may be behind.
  boolean hasRoomFor(int bytes) {
    return outbox.hasRoomFor(bytes);
  }

  /// Refuses the frame that is being handled.
  void refuse(ErrorCode code, String message, @Nullable String clientMsgId) {
    refuse(code, message, null, clientMsgId);
  }

  void refuse(ErrorCode code, String message, @Nullable Long index, @Nullable String clientMsgId) {
    send(new ServerMessage.Refused(clock.millis(), code.name(), message, index, clientMsgId));
  }

  /// Finds out whether the peer is there. Queued like a frame, so that the socket has one writer.
  void ping() {
    acknowledgements.ask();
  }

  /// Writes what is queued, says why, and closes. A peer that does not read is cut off by
  /// [Housekeeping] a little later.
  void close(int code, String reason) {
    if (closed) {
      return;
    }
    markClosed();
    outbox.finish(() -> WebSockets.sendClose(code, reason, channel, null));
  }

  private void markClosed() {
    closedAt = clock.millis();
    closed = true;
    inbox.wake();
  }

  /// When the relay closed it; meaningless before.
  long closedAt() {
    return closedAt;
  }

  /// Ends the socket without a word.
  void terminate() {
    closed = true;
    inbox.wake();
    outbox.abandon();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing {}: {}", this, e.toString());
    }
  }

  /// The agent, or the address of a connection that has not said who it is.
  @Override
  public String toString() {
    Agent known = agent;
    return known == null ? address() : known.id().toString();
  }
}
