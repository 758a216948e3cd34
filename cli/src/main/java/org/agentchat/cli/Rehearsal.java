package org.agentchat.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// What the launcher runs once after a build to record which classes small commands need, so that
/// the next start finds them in an archive. It has no effect: no file, no network, no output.
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) {
    rehearse("--version");
    rehearse("--help");
    rehearse("no-such-command");
    rehearseJson();
    rehearseSignature();
  }

  private static void rehearse(String... arguments) {
    CommandLine commandLine = AgentChat.commandLine();
    commandLine.setOut(new PrintWriter(Writer.nullWriter()));
    commandLine.setErr(new PrintWriter(Writer.nullWriter()));
    commandLine.execute(arguments);
  }

  private static void rehearseJson() {
    JsonMapper mapper = JsonMapper.builder().build();
    mapper.writeValueAsString(mapper.readTree("{\"list\": [1, 2.5, true, null, \"text\"]}"));
  }

  private static void rehearseSignature() {
    Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new SecureRandom());
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, key);
    byte[] signature = signer.generateSignature();
    signer.init(false, key.generatePublicKey());
    signer.verifySignature(signature);
  }
}
