package org.agentchat.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.jspecify.annotations.Nullable;

/// A server's end of one WebSocket (RFC 6455): strict with what it reads, and able to misbehave in
/// what it writes. One thread reads; any thread writes.
final class Peer {
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger pings = new AtomicInteger();
  private volatile boolean answersPings = true;
  private volatile @Nullable AgentId id;
  private volatile @Nullable AgentKey key;
  private volatile @Nullable Integer closeCode;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /// Reads the HTTP upgrade and answers it.
  void shakeHands() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    String wanted =
        head.toString()
            .lines()
            .filter(line -> line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18))
            .map(line -> line.substring(18).strip())
            .findFirst()
            .orElseThrow(() -> new IOException("no WebSocket: " + head));
    raw(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + ("Sec-WebSocket-Accept: " + accept(wanted) + "\r\n\r\n"));
  }

  private static String accept(String wanted) {
    try {
      byte[] text =
          (wanted + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes bytes as they are, WebSocket or not.
  void raw(String ascii) throws IOException {
    synchronized (out) {
      out.write(ascii.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }

  /// The next text message; empty when the client has closed or gone. The client must mask.
  Optional<String> read() throws IOException {
    while (true) {
      int first;
      try {
        first = in.readUnsignedByte();
      } catch (EOFException | java.net.SocketException _) {
        return Optional.empty();
      }
      byte[] payload = payload();
      switch (first) {
        case TEXT, CONTINUATION -> parts.writeBytes(payload);
        case 0x80 | TEXT, 0x80 | CONTINUATION -> {
          parts.writeBytes(payload);
          String text = parts.toString(StandardCharsets.UTF_8);
          parts.reset();
          heard.add(text);
          return Optional.of(text);
        }
        case 0x80 | PING -> {
          pings.incrementAndGet();
          if (answersPings) {
            frame(0x80 | PONG, payload);
          }
        }
        case 0x80 | PONG -> {
          // Nothing to do.
        }
        case 0x80 | CLOSE -> {
          int code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
          boolean answer = closeCode == null;
          closeCode = code;
          if (answer) {
            answerClose(payload);
          }
          return Optional.empty();
        }
        default -> throw new IOException("a client must not send frame " + first);
      }
    }
  }

  /// Who has closed need not wait until it is answered.
  private void answerClose(byte[] payload) {
    try {
      frame(0x80 | CLOSE, payload);
    } catch (UncheckedIOException _) {
      // It has gone already.
    }
  }

  private byte[] payload() throws IOException {
    int second = in.readUnsignedByte();
    if ((second & 0x80) == 0) {
      throw new IOException("a client must mask");
    }
    long length =
        switch (second & 0x7f) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second & 0x7f;
        };
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(Math.toIntExact(length));
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return payload;
  }

  void send(ServerMessage message) {
    send(ServerMessageCodec.encode(message));
  }

  void send(String text) {
    frame(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends the text in frames of a few bytes, which split characters too.
  void sendInFragments(String text, int size) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += size) {
      int to = Math.min(from + size, bytes.length);
      int last = to == bytes.length ? 0x80 : 0;
      frame(
          last | (from == 0 ? TEXT : CONTINUATION), java.util.Arrays.copyOfRange(bytes, from, to));
    }
  }

  void sendClose(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    closeCode = code;
    frame(
        0x80 | CLOSE,
        ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  private void frame(int first, byte[] payload) {
    ByteBuffer head = ByteBuffer.allocate(10 + payload.length).put((byte) first);
    if (payload.length < 126) {
      head.put((byte) payload.length);
    } else if (payload.length < 1 << 16) {
      head.put((byte) 126).putShort((short) payload.length);
    } else {
      head.put((byte) 127).putLong(payload.length);
    }
    head.put(payload);
    try {
      synchronized (out) {
        out.write(head.array(), 0, head.position());
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Breaks the line without a word.
  void cut() {
    if (socket.isClosed()) {
      return;
    }
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void stopAnsweringPings() {
    answersPings = false;
  }

  int pings() {
    return pings.get();
  }

  /// Every text frame so far, oldest first.
  List<String> heard() {
    return heard;
  }

  /// How many frames of one kind came so far.
  long heard(String type) {
    return heard.stream().filter(text -> text.contains("\"type\":\"" + type + "\"")).count();
  }

  /// The code of the client's Close frame, or null.
  @Nullable Integer closeCode() {
    return closeCode;
  }

  void identified(AgentId agent, @Nullable AgentKey proven) {
    id = agent;
    key = proven;
  }

  AgentId id() {
    AgentId known = id;
    if (known == null) {
      throw new IllegalStateException("not identified");
    }
    return known;
  }

  boolean isIdentified() {
    return id != null;
  }

  /// Whether the agent is known and the line is not cut.
  boolean isHere() {
    return isIdentified() && !socket.isClosed();
  }

  @Nullable AgentKey key() {
    return key;
  }
}
