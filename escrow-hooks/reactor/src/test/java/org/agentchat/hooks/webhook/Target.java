package org.agentchat.hooks.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/// A receiver of webhooks on this machine that does with each connection what a test says, be it
/// HTTP or not.
public final class Target implements AutoCloseable {
  /// What came in.
  ///
  /// @param headers by their names in small letters
  public record Request(String line, Map<String, String> headers, String body) {}

  /// What goes out.
  @FunctionalInterface
  public interface Script {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private Target(ServerSocketFactory sockets, Script script) {
    this.script = script;
    try {
      this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("target").start(this::accept);
  }

  /// Runs a script for every connection.
  public static Target start(Script script) {
    return start(ServerSocketFactory.getDefault(), script);
  }

  static Target start(ServerSocketFactory sockets, Script script) {
    return new Target(sockets, script);
  }

  /// Always answers the same.
  public static Target answering(String answer) {
    return start((_, out) -> out.write(answer.getBytes(StandardCharsets.UTF_8)));
  }

  /// An answer without a body.
  public static String status(int code, String... headers) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 " + code + " x\r\n");
    for (String header : headers) {
      answer.append(header).append("\r\n");
    }
    return answer.append("content-length: 0\r\nconnection: close\r\n\r\n").toString();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofPlatform().daemon().name("target-connection").start(() -> serve(socket));
      } catch (IOException _) {
        // It is closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(socket.getInputStream());
      requests.add(request);
      script.answer(request, socket.getOutputStream());
      socket.getOutputStream().flush();
    } catch (IOException _) {
      // The other side has left.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String line = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the other side has left");
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// Where it listens.
  public int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /// What came in, in its order.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
