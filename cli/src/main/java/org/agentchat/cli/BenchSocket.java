package org.agentchat.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/// A WebSocket with as little behind it as goes, so that hundreds of them cost the benchmark
/// little. Plain `ws` only; blocks until [#unblock]. One thread.
final class BenchSocket implements AutoCloseable {
  private static final int DEFAULT_PORT = 80;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int PONG = 0xA;
  private static final int MASK_BYTES = 4;

  private final SocketChannel channel;
  private final FrameWalker walker;
  private ByteBuffer unsent = ByteBuffer.allocate(0);

  private BenchSocket(SocketChannel channel, int bufferBytes) {
    this.channel = channel;
    this.walker = new FrameWalker(bufferBytes);
  }

  /// Connects and does the opening handshake (RFC 6455 section 4.1).
  ///
  /// @throws IOException also when the server does not speak WebSocket
  static BenchSocket connect(URI uri) throws IOException {
    return connect(uri, BUFFER_BYTES);
  }

  /// The same with a buffer of so many bytes at first, for thousands that hear little.
  static BenchSocket connect(URI uri, int bufferBytes) throws IOException {
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(uri.getHost(), port));
    BenchSocket socket = new BenchSocket(channel, bufferBytes);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.open(uri, port);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void open(URI uri, int port) throws IOException {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String request =
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                .formatted(path, uri.getHost(), port)
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n"
                .formatted(Base64.getEncoder().encodeToString(key));
    write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    String answer = readHeader();
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      throw new IOException(
          "no WebSocket at " + uri + ": " + answer.lines().findFirst().orElse("nothing said"));
    }
  }

  /// Byte by byte, so that no frame behind the header is taken with it.
  private String readHeader() throws IOException {
    StringBuilder header = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (header.indexOf("\r\n\r\n") < 0) {
      if (header.length() > MAX_HEADER_BYTES || channel.read(one.clear()) < 0) {
        throw new IOException("no end of the HTTP header after " + header.length() + " bytes");
      }
      header.append((char) one.get(0));
    }
    return header.toString();
  }

  /// The channel, to be selected once it does not block.
  SocketChannel channel() {
    return channel;
  }

  /// From now on reading and writing take what goes at once.
  void unblock() throws IOException {
    channel.configureBlocking(false);
  }

  /// Sends a text frame, after what could not be sent before.
  void send(String text) throws IOException {
    write(frame(FrameWalker.TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }

  /// Whether all was sent; tries again when it was not.
  boolean flush() throws IOException {
    if (unsent.hasRemaining()) {
      channel.write(unsent);
    }
    return !unsent.hasRemaining();
  }

  private void write(ByteBuffer bytes) throws IOException {
    if (flush()) {
      channel.write(bytes);
      unsent = bytes;
    } else {
      unsent =
          ByteBuffer.allocate(unsent.remaining() + bytes.remaining()).put(unsent).put(bytes).flip();
    }
  }

  /// A client's frame must be masked; a mask of zeros leaves the payload as it is.
  private static ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    return frame.put(new byte[MASK_BYTES]).put(payload).flip();
  }

  /// Reads once and visits the frames that are there; answers pings itself.
  ///
  /// @throws EOFException when the server has closed the connection
  void read(FrameWalker.Visitor visitor) throws IOException {
    int count = channel.read(walker.space());
    if (count < 0) {
      throw new EOFException("the server closed the connection");
    }
    walker.received(count);
    walker.walk((opcode, payload, offset, length) -> {
      switch (opcode) {
        case FrameWalker.PING -> {
          byte[] echo = new byte[length];
          System.arraycopy(payload, offset, echo, 0, length);
          write(frame(PONG, echo));
        }
        case FrameWalker.CLOSE ->
            throw new EOFException("the server closed: " + reason(payload, offset, length));
        default -> visitor.frame(opcode, payload, offset, length);
      }
    });
  }

  /// Code and reason of a close frame, RFC 6455 section 5.5.1.
  private static String reason(byte[] payload, int offset, int length) {
    if (length < 2) {
      return "no reason given";
    }
    int code = ByteBuffer.wrap(payload, offset, 2).getShort() & 0xFFFF;
    return code
        + " "
        + Printable.of(new String(payload, offset + 2, length - 2, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
