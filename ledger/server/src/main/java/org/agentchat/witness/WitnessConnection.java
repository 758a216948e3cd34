package org.agentchat.witness;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.ConsistencyProof;
import org.agentchat.tlog.NoteSignature;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;

/// One witness, as a log knows it: where it is, and the size that it cosigned last.
final class WitnessConnection {
  /// Longest answer that is read, in bytes: a hundred cosignatures.
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  /// Longest part of an error's text that is passed on, in characters.
  private static final int MAX_QUOTE = 120;

  private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,17})\n");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}]+");
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  private final Policy.Witness witness;
  private final URI uri;
  private final Duration timeout;
  private final HttpClient http;
  private final Ed25519Verifier verifier;

  /// What it cosigned last, as far as this process knows; asked for with 0 at first.
  private volatile long known;

  WitnessConnection(
      Policy.Witness witness,
      URI uri,
      Duration timeout,
      HttpClient http,
      Ed25519Verifier verifier) {
    this.witness = witness;
    this.uri = uri;
    this.timeout = timeout;
    this.http = http;
    this.verifier = verifier;
  }

  /// Asks for a cosignature, once more if the witness names another size.
  WitnessReply ask(SignedNote note, Prover prover) throws InterruptedException {
    long size = Checkpoint.parse(note.text()).head().size();
    long from = Math.min(known, size);
    try {
      HttpResponse<String> response = post(note, prover, from, size);
      OptionalLong seen = sizeIn(response);
      if (seen.isPresent() && seen.getAsLong() != from && seen.getAsLong() <= size) {
        from = seen.getAsLong();
        response = post(note, prover, from, size);
      }
      return judge(response, note, from, size);
    } catch (ConnectException _) {
      return silent("nobody listens at " + uri);
    } catch (HttpTimeoutException _) {
      return silent("no answer from %s in time".formatted(uri));
    } catch (IOException e) {
      return silent("%s: %s".formatted(uri, e.getMessage()));
    }
  }

  private HttpResponse<String> post(SignedNote note, Prover prover, long from, long size)
      throws IOException, InterruptedException {
    ConsistencyProof proof;
    // Whoever made the prover may have made it of parts that serve one thread.
    synchronized (prover) {
      proof = prover.consistency(from, size);
    }
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", "text/plain; charset=utf-8")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    AddCheckpoint.of(from, proof.path(), note).encode()))
            .build();
    return http.send(
        request,
        BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
  }

  private static OptionalLong sizeIn(HttpResponse<String> response) {
    return response.statusCode() == CONFLICT && SIZE.matcher(response.body()).matches()
        ? OptionalLong.of(Long.parseLong(response.body().strip()))
        : OptionalLong.empty();
  }

  private WitnessReply judge(HttpResponse<String> response, SignedNote note, long from, long size) {
    return switch (response.statusCode()) {
      case OK -> cosigned(response.body(), note, size);
      case CONFLICT -> conflict(response, from, size);
      case UNPROCESSABLE -> unconvinced(from);
      default ->
          silent("it answers %d: %s".formatted(response.statusCode(), quote(response.body())));
    };
  }

  /// Nothing has to be proved from an empty tree: then it is the witness that is wrong.
  private WitnessReply unconvinced(long from) {
    return from == 0
        ? silent("it answers 422 to a proof from the empty tree")
        : new WitnessReply.Forked(witness.name(), from);
  }

  private WitnessReply conflict(HttpResponse<String> response, long from, long size) {
    OptionalLong seen = sizeIn(response);
    if (seen.isPresent() && seen.getAsLong() > size) {
      return new WitnessReply.Ahead(witness.name(), seen.getAsLong(), size);
    }
    // Its size was the one that was sent, so it objects to the root; that needs no body.
    if (from == size && (seen.isEmpty() || seen.getAsLong() == size)) {
      return new WitnessReply.Forked(witness.name(), size);
    }
    return silent("it answers 409 and names no other size: " + quote(response.body()));
  }

  private WitnessReply cosigned(String lines, SignedNote note, long size) {
    Optional<NoteSignature> valid = signature(lines, note);
    if (valid.isEmpty()) {
      return silent("its answer holds no valid cosignature of " + witness.key());
    }
    known = size;
    return new WitnessReply.Cosigned(witness.name(), valid.get());
  }

  private Optional<NoteSignature> signature(String lines, SignedNote note) {
    try {
      return SignedNote.parse(note.text() + "\n" + lines).signatures().stream()
          .filter(witness.key()::isNamedBy)
          .filter(signature -> witness.key().verify(note.text(), signature, verifier))
          .findFirst();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private WitnessReply silent(String why) {
    return new WitnessReply.Silent(witness.name(), why);
  }

  private static String quote(String text) {
    String line = UNPRINTABLE.matcher(text.strip()).replaceAll(" ");
    return line.substring(0, Math.min(MAX_QUOTE, line.length()));
  }
}
