package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.agentchat.log.LineReader;
import org.agentchat.receipt.AgentHistoryVerifier;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.receipt.ReceiptFile;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;
import org.jspecify.annotations.Nullable;

/// `agentchat verify <file>`: a receipt, a rating certificate or a history against a policy,
/// without any network.
final class FileCheck {
  /// The file's name that stands for standard input.
  static final String STDIN = "-";

  /// Largest policy that is read, in bytes: room for every log and witness that one may name.
  private static final int MAX_POLICY_BYTES = 64 * 1024;

  private final CheckpointMemory memory;
  private final boolean remember;
  private final Output output;

  /// @param remember whether a good checkpoint is kept
  FileCheck(CheckpointMemory memory, boolean remember, Output output) {
    this.memory = memory;
    this.remember = remember;
    this.output = output;
  }

  /// What is printed under `--json`.
  ///
  /// @param exit the exit code
  /// @param evidence the file with both checkpoints of a fork
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Report(
      String file,
      ReceiptCode code,
      int exit,
      String message,
      List<String> proved,
      List<String> notProved,
      @Nullable String evidence) {}

  /// Verifies, prints and remembers.
  ///
  /// @return the exit code
  int run(String file, Path policy) throws IOException {
    Verification verification = verify(file, policy(policy));
    Optional<Path> evidence = evidence(verification);
    int exit = verification.code().group().exit();
    output.print(
        new Report(
            file,
            verification.code(),
            exit,
            verification.message(),
            verification.proved(),
            verification.notProved(),
            evidence.map(Path::toString).orElse(null)),
        lines(verification, evidence));
    if (verification.isOk() && remember) {
      remember(verification.checkpoint().orElseThrow());
    }
    return exit;
  }

  private Verification verify(String file, Policy policy) throws IOException {
    if (file.equals(STDIN)) {
      return verify(System.in, policy);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return verify(in, policy);
    }
  }

  /// A history is read line by line, however long it is; of any other file one byte more than it
  /// may have, so that the verifier sees that it is too large.
  private Verification verify(InputStream in, Policy policy) throws IOException {
    byte[] beginning = in.readNBytes(FileVerifier.MAX_BYTES + 1);
    if (!HistoryHeader.isOne(beginning)) {
      return new FileVerifier(policy, memory::last).verify(beginning);
    }
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
    try {
      return new AgentHistoryVerifier(policy, memory::last).verify(new Lines(whole));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// The lines of a history.
  private static final class Lines implements Iterator<byte[]> {
    private final LineReader reader;
    private byte @Nullable [] next;

    Lines(InputStream in) {
      this.reader = new LineReader(in, HistoryHeader.MAX_LINE_BYTES);
      this.next = read();
    }

    private byte @Nullable [] read() {
      try {
        return reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public byte[] next() {
      byte[] line = next;
      if (line == null) {
        throw new NoSuchElementException();
      }
      next = read();
      return line;
    }
  }

  /// Reads a policy.
  ///
  /// @throws CommandFailure naming the line that is wrong
  static Policy policy(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_POLICY_BYTES + 1);
      if (bytes.length > MAX_POLICY_BYTES) {
        throw new IllegalArgumentException("more than " + MAX_POLICY_BYTES + " bytes");
      }
      return Policy.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "POLICY", Exit.FAILED, "The policy " + file + ": " + e.getMessage(), e);
    }
  }

  /// One byte more than a file may have, so that the verifier sees that it is too large.
  static byte[] read(String file) throws IOException {
    if (file.equals(STDIN)) {
      return System.in.readNBytes(ReceiptFile.MAX_BYTES + 1);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return in.readNBytes(ReceiptFile.MAX_BYTES + 1);
    }
  }

  private Optional<Path> evidence(Verification verification) throws IOException {
    Optional<SignedNote> other = verification.contradicting();
    return other.isEmpty()
        ? Optional.empty()
        : Optional.of(memory.accuse(other.get(), verification.checkpoint().orElseThrow()));
  }

  /// What was verified stays verified, also where nothing can be kept.
  private void remember(SignedNote checkpoint) {
    try {
      memory.remember(checkpoint);
    } catch (IOException e) {
      output.err().println("The checkpoint is not remembered: " + e.getMessage());
      output.err().flush();
    }
  }

  static List<String> lines(Verification verification, Optional<Path> evidence) {
    List<String> lines = new ArrayList<>();
    String message = Printable.of(verification.message());
    if (!verification.isOk()) {
      ReceiptCode code = verification.code();
      lines.add("✗ %s (%s): %s".formatted(code, code.group().words(), message));
      evidence.ifPresent(file -> lines.add("  Both checkpoints are in " + file));
      return lines;
    }
    lines.add("✓ " + message);
    lines.add("");
    lines.add("Proved:");
    verification.proved().forEach(sentence -> lines.add("  ✓ " + Printable.of(sentence)));
    lines.add("");
    lines.add("Not proved:");
    verification.notProved().forEach(sentence -> lines.add("  · " + Printable.of(sentence)));
    return lines;
  }
}
