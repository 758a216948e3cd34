package org.agentchat.hooks.evm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A cable between a hook and its chain, which can be cut and mended.
final class Pausable implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  private Pausable(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static Pausable before(int port) throws IOException {
    Pausable cable = new Pausable(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(cable::accept);
    return cable;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /// While it is cut, connections end at once.
  void refuse(boolean value) throws IOException {
    refusing = value;
    if (value) {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (refusing) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException _) {
        // Closed, or this one connection failed; its owner connects again.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket chain = new Socket(InetAddress.getLoopbackAddress(), target);
    open.add(client);
    open.add(chain);
    Thread.ofVirtual().start(() -> copy(client, chain));
    Thread.ofVirtual().start(() -> copy(chain, client));
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException _) {
      // One end is gone, so both are.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    refuse(true);
  }
}
