package org.agentchat.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A client that joins a channel and then never reads again.
final class DeafPeer implements AutoCloseable {
  private static final String HANDSHAKE =
      """
      GET / HTTP/1.1
      Host: relay
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """;

  private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0};

  private final Socket socket = new Socket();

  /// Says all of it and leaves properly, in one write.
  static void sayAndLeave(InetSocketAddress relay, List<String> frames) throws IOException {
    try (Socket socket = new Socket(relay.getAddress(), relay.getPort())) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(HANDSHAKE.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      frames.forEach(text -> all.writeBytes(frame(text)));
      all.writeBytes(CLOSE);
      socket.getOutputStream().write(all.toByteArray());
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }

  DeafPeer(InetSocketAddress relay, String channel) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.connect(relay);
    OutputStream out = socket.getOutputStream();
    out.write(HANDSHAKE.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(frame("{\"type\":\"IDENTIFY\",\"name\":\"deaf\"}"));
    out.write(frame("{\"type\":\"JOIN\",\"channel\":\"" + channel + "\"}"));
    out.flush();
    InputStream in = socket.getInputStream();
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf("JOINED") < 0) {
      heard.append((char) in.read());
    }
  }

  /// A masked text frame, RFC 6455 section 5.2, with a mask of zeros.
  static byte[] frame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    return frame;
  }

  /// Whether the relay has ended the connection.
  boolean isCut() {
    try {
      socket.getOutputStream().write(frame("{\"type\":\"PING\"}"));
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
