package org.agentchat.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

@Command(
    name = "propose",
    description = "Propose work to another agent.",
    mixinStandardHelpOptions = true)
final class ProposeCommand implements Runnable {
  @Mixin private RelayOptions relay;

  @Parameters(index = "1", paramLabel = "<agent>", description = "To whom, @id.")
  private AgentId agent;

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "<task>",
      description = "What is to be done; several words are joined by spaces.")
  private List<String> task;

  @Option(
      names = {"-a", "--amount"},
      paramLabel = "<n>",
      description = "What it pays.")
  private @Nullable JsonNumber amount;

  @Option(
      names = {"-c", "--currency"},
      paramLabel = "<code>",
      description = "In what currency (SOL, USDC, AKT, ...).")
  private @Nullable String currency;

  @Option(
      names = {"-p", "--payment-code"},
      paramLabel = "<code>",
      description = "Our payment code or address.")
  private @Nullable String paymentCode;

  @Option(
      names = {"-e", "--expires"},
      paramLabel = "<seconds>",
      defaultValue = "300",
      description = "How long the offer stands (default: ${DEFAULT-VALUE}).")
  private @Nullable JsonNumber expires;

  @Option(
      names = {"-t", "--terms"},
      paramLabel = "<terms>",
      description = "Further terms.")
  private @Nullable String terms;

  @Option(
      names = {"-s", "--elo-stake"},
      paramLabel = "<n>",
      converter = StakeConverter.class,
      description = "Rating points that we put at risk.")
  private @Nullable Integer stake;

  @Option(
      names = {"-k", "--capability"},
      paramLabel = "<name>",
      description = "The skill that it takes: its ratings move with the deal.")
  private @Nullable String capability;

  @Option(
      names = "--escrow",
      paramLabel = "<file>",
      description = {
        "Terms of an escrow, JSON as docs/escrow.md shows: the amount has to be locked before the"
            + " work begins."
      })
  private @Nullable Path escrow;

  @Mixin private Output output;

  @Override
  public void run() {
    Statement.Proposal proposal =
        new Statement.Proposal(
            agent,
            String.join(" ", task),
            amount,
            currency,
            paymentCode,
            terms,
            expires,
            stake,
            capability,
            escrowTerms());
    try (AgentChatClient client = relay.connectSigned(output)) {
      ServerMessage.Proposal sent = Refusals.done(client.propose(proposal));
      output.print(sent, lines(sent));
    }
  }

  private @Nullable EscrowTerms escrowTerms() {
    if (escrow == null) {
      return null;
    }
    try {
      return EscrowTerms.read(Json.parse(Files.readAllBytes(escrow)));
    } catch (NoSuchFileException _) {
      throw output.usage("--escrow: there is no file " + escrow);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + escrow + ": " + e.getMessage(), e);
    } catch (JacksonException _) {
      throw output.usage("--escrow: " + escrow + " is not JSON");
    } catch (InvalidStatementException e) {
      throw output.usage("--escrow: %s: %s".formatted(escrow, e.getMessage()));
    }
  }

  static List<String> lines(ServerMessage.Proposal sent) {
    List<String> lines = new ArrayList<>();
    lines.add("Proposal sent:");
    lines.add("  ID: " + Printable.of(sent.id()));
    lines.add("  To: " + sent.to());
    lines.add("  Task: " + Printable.of(sent.task()));
    if (sent.amount() != null && sent.amount().value() != 0) {
      String unit = sent.currency() == null ? "" : " " + Printable.of(sent.currency());
      lines.add("  Amount: " + sent.amount() + unit);
    }
    if (sent.capability() != null) {
      lines.add("  Capability: " + Printable.of(sent.capability()));
    }
    if (sent.eloStake() != null && sent.eloStake() != 0) {
      lines.add("  ELO Stake: " + sent.eloStake());
    }
    if (sent.expires() != null) {
      lines.add("  Expires: " + IsoTime.of(sent.expires()));
    }
    lines.add("");
    lines.add("Use this ID to track responses.");
    return lines;
  }
}
