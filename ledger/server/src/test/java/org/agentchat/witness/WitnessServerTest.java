package org.agentchat.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every answer of the specification, over a socket.
@Timeout(60)
class WitnessServerTest {
  private final NoteSigner signer = SampleLog.signer("witness.example/w1", 7);
  private final SampleLog log = SampleLog.honest();
  private final HttpClient http = HttpClient.newHttpClient();
  private WitnessServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server =
        WitnessServer.start(
            new WitnessSettings("127.0.0.1", 0, folder, signer, List.of(log.signer().logKey())));
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> add(byte[] body) throws IOException, InterruptedException {
    return send(to("/add-checkpoint").POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> add(AddCheckpoint request) throws IOException, InterruptedException {
    return add(request.encode());
  }

  private HttpResponse<String> add(String body) throws IOException, InterruptedException {
    return add(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void consistentCheckpointsAreCosigned() throws Exception {
    for (AddCheckpoint request :
        List.of(log.request(0, 10), log.request(10, 17), log.request(17, 17))) {
      HttpResponse<String> response = add(request);

      assertThat(response.statusCode()).isEqualTo(200);
      SignedNote cosigned = SignedNote.parse(request.note().encode() + response.body());
      assertThat(cosigned.check(signer.witnessKey(), new Ed25519Verifier()))
          .isEqualTo(SignedNote.Check.VALID);
    }
    assertThat(server.heads().get(SampleLog.ORIGIN)).isEqualTo(log.prover().head(17));
  }

  @Test
  void malformedRequestIs400() throws Exception {
    String good = new String(log.request(0, 10).encode(), StandardCharsets.UTF_8);
    for (String wrong :
        List.of(
            "",
            "\n",
            "null",
            "old 0",
            good.replace("old 0", "old 00"),
            good.replace("old 0", "old -1"),
            good.replace("old 0", "OLD 0"),
            good.replace("old 0\n", "old 0\r\n"),
            good.replace("old 0\n", "old 0\nAAAA\n"),
            good.replace(
                "old 0\n", "old 0\n" + "%s\n".formatted(TreeHash.EMPTY.base64()).repeat(64)),
            good.replace("\n10\n", "\nten\n"),
            good.replace("\u2014", "-"),
            good.substring(0, good.length() - 1))) {
      assertThat(add(wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(add(new byte[] {(byte) 0xff, '\n', '\n'}).statusCode()).isEqualTo(400);
  }

  @Test
  void oldSizeLargerThanTheCheckpointIs400() throws Exception {
    add(log.request(0, 10));

    assertThat(add(log.request(11, 10)).statusCode()).isEqualTo(400);
  }

  @Test
  void checkpointWithoutValidSignatureIs403() throws Exception {
    SampleLog impostor = SampleLog.of(SampleLog.ORIGIN, 2, 300);
    String altered =
        new String(log.request(0, 10).encode(), StandardCharsets.UTF_8).replace("\n10\n", "\n11\n");

    assertThat(add(impostor.request(0, 10)).statusCode()).isEqualTo(403);
    assertThat(add(altered).statusCode()).isEqualTo(403);
  }

  @Test
  void unknownOriginIs404() throws Exception {
    assertThat(add(SampleLog.of("log.example/b", 1, 300).request(0, 10)).statusCode())
        .isEqualTo(404);
    assertThat(send(to("/elsewhere").GET()).statusCode()).isEqualTo(404);
  }

  @Test
  void otherOldSizeIs409WithTheSizeWanted() throws Exception {
    add(log.request(0, 10));
    for (AddCheckpoint request : List.of(log.request(0, 12), log.request(9, 12))) {
      HttpResponse<String> response = add(request);

      assertThat(response.statusCode()).isEqualTo(409);
      assertThat(response.body()).isEqualTo("10\n");
      assertThat(response.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
    }
  }

  @Test
  void otherRootOfTheSameSizeIs409() throws Exception {
    add(log.request(0, 10));

    assertThat(add(SampleLog.forkedAt(5).request(10, 10)).statusCode()).isEqualTo(409);
  }

  @Test
  void proofThatDoesNotVerifyIs422() throws Exception {
    add(log.request(0, 10));

    assertThat(add(SampleLog.forkedAt(5).request(10, 12)).statusCode()).isEqualTo(422);
    AddCheckpoint bare = AddCheckpoint.of(10, List.of(), log.note(12));
    assertThat(add(bare).statusCode()).isEqualTo(422);
    assertThat(add(AddCheckpoint.of(10, List.of(TreeHash.EMPTY), log.note(10))).statusCode())
        .isEqualTo(422);
    assertThat(add(log.request(10, 12)).statusCode()).isEqualTo(200);
  }

  @Test
  void proofFromNothingIs422() throws Exception {
    AddCheckpoint padded = AddCheckpoint.of(0, List.of(TreeHash.EMPTY), log.note(12));

    assertThat(add(padded).statusCode()).isEqualTo(422);
  }

  @Test
  void bodyBeyondTheLimitIsRefused() throws Exception {
    assertThat(add("x".repeat(AddCheckpoint.MAX_BYTES + 1)).statusCode()).isEqualTo(413);
    assertThat(add(log.request(0, 10)).statusCode()).isEqualTo(200);
  }

  @Test
  void checkpointsAreOnlyPosted() throws Exception {
    HttpResponse<String> response = send(to("/add-checkpoint").GET());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void pageAndHealthSayWhatItIs() throws Exception {
    add(log.request(0, 10));

    assertThat(send(to("/").GET()).body())
        .contains(signer.witnessKey().toString(), SampleLog.ORIGIN + ", size 10");
    assertThat(send(to("/health").GET()).body()).isEqualTo("{\"status\":\"ok\",\"logs\":1}");
  }

  @Test
  void connectionServesSeveralRequests() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      for (AddCheckpoint request : List.of(log.request(0, 10), log.request(10, 20))) {
        byte[] body = request.encode();
        socket
            .getOutputStream()
            .write(
                ("POST /add-checkpoint HTTP/1.1\r\nHost: witness\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        byte[] answer = new byte[4096];
        int read = socket.getInputStream().read(answer);
        assertThat(new String(answer, 0, read, StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200 OK");
      }
    }
  }
}
