package org.agentchat.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientException;
import org.agentchat.client.ClientSettings;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import picocli.CommandLine;

/// What the launcher runs once after a build to record which classes small commands need, so that
/// the next start finds them in an archive. It has no effect: no file that stays, no output, and
/// nobody on the network hears of it but a socket of its own.
final class Rehearsal {
  /// Nobody ever listens at the discard port of this machine, or what it hears is discarded.
  private static final String NOBODY = "ws://127.0.0.1:9";

  private static final String ANSWER =
      """
      {"size":1,"id":"@0123456789abcdef","rating":1217,"transactions":1,
       "updated":"2026-11-21T01:39:19.038Z","skills":{},"agents":[],"next":null,
       "receipts":[{"type":"COMPLETE","ts":1,"proposal_id":"prop_a","status":"completed",
        "from":"@0123456789abcdef","to":"@fedcba9876543210","completed_by":"@fedcba9876543210",
        "completed_at":1,"proof":"tx:1","proposal":{"task":"review","amount":5.5,"currency":"SOL"},
        "legs":[]}]}
      """;

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    rehearse("--version");
    rehearse("--help");
    rehearse("no-such-command");
    rehearse("send", "--help");
    rehearse("receipts");
    rehearse("ratings", "--ledgre", "x");
    rehearseLedger();
    rehearseClient();
    rehearseVerification();
  }

  /// A file that is none, by a policy that trusts nobody.
  private static void rehearseVerification() throws IOException {
    Path folder = Files.createTempDirectory("agentchat-rehearsal");
    try {
      Path policy = Files.writeString(folder.resolve("policy"), "quorum none\n");
      rehearse("verify", policy.toString(), "--policy", policy.toString(), "--no-remember");
    } finally {
      Files.deleteIfExists(folder.resolve("policy"));
      Files.deleteIfExists(folder);
    }
  }

  private static void rehearse(String... arguments) {
    CommandLine commandLine = AgentChat.commandLineFor(arguments);
    commandLine.setOut(new PrintWriter(Writer.nullWriter()));
    commandLine.setErr(new PrintWriter(Writer.nullWriter()));
    commandLine.execute(arguments);
  }

  private static void rehearseLedger() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answer(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      String agent = "@0123456789abcdef";
      rehearse("receipts", "summary", "--agent", agent, "--ledger", url);
      rehearse("receipts", "list", "--agent", agent, "--ledger", url);
      rehearse("receipts", "export", "--agent", agent, "--ledger", url);
      rehearse("receipts", "export", "-f", "yaml", "--agent", agent, "--ledger", url);
      rehearse("ratings", agent, "--ledger", url);
      rehearse("ratings", agent, "--ledger", url, "--json");
      rehearse("ratings", "--leaderboard", "--ledger", url);
      rehearse("ratings", "--stats", "--ledger", url);
    }
  }

  private static void answer(ServerSocket server) {
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n";
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          OutputStream out = socket.getOutputStream()) {
        socket.getInputStream().read(new byte[8192]);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
      } catch (IOException _) {
        // The rehearsal is over, or a command did not wait for its answer.
      }
    }
  }

  /// Everything that a command to a relay does before it has a connection, and one signature.
  private static void rehearseClient() {
    Identity identity = Identity.generate("rehearsal", new SecureRandom(), Instant.EPOCH);
    Identity read = Identity.ofJson(identity.json());
    byte[] text = "agentchat".getBytes(StandardCharsets.UTF_8);
    new Ed25519Verifier().verify(read.key(), text, read.sign(text));
    Json.text(List.of(read.key().pem()));
    try (AgentChatClient client = AgentChatClient.of(ClientSettings.of(URI.create(NOBODY), read))) {
      client.connect();
    } catch (ClientException _) {
      // As expected.
    }
  }
}
