package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

@Command(
    name = "announce",
    description = "Say what we offer to do; replaces what we said before.",
    mixinStandardHelpOptions = true)
final class SkillsAnnounceCommand implements Runnable {
  private static final String DEFAULT_CURRENCY = "TEST";

  /// More than the longest list that a relay takes, in bytes, comments included.
  private static final long MAX_BYTES = 64 * 1024;

  @Mixin private RelayOptions relay;

  @Option(
      names = {"-c", "--capability"},
      paramLabel = "<capability>",
      description = "What we can do.")
  private @Nullable String capability;

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "<n>",
      description = "What we ask for it.")
  private @Nullable JsonNumber rate;

  @Option(
      names = "--currency",
      paramLabel = "<code>",
      description = "In what currency (default: " + DEFAULT_CURRENCY + ", when there is a rate).")
  private @Nullable String currency;

  @Option(names = "--description", paramLabel = "<text>", description = "A few words about it.")
  private @Nullable String description;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "<file>",
      description = "A YAML file instead: a list under `skills`, or one skill.")
  private @Nullable Path file;

  @Mixin private Output output;

  @Override
  public void run() {
    RegisterSkills skills = skills();
    try (AgentChatClient client = relay.connectSigned(output)) {
      ServerMessage.SkillsRegistered done = Refusals.done(client.registerSkills(skills));
      output.print(
          done,
          List.of("Registered %d skill(s) for %s".formatted(done.skillsCount(), done.agentId())));
    }
  }

  private RegisterSkills skills() {
    ObjectNode frame = JsonNodeFactory.instance.objectNode();
    frame.set("skills", list());
    return (RegisterSkills) Statement.read("REGISTER_SKILLS", frame, true).orElseThrow();
  }

  private JsonNode list() {
    if (file != null) {
      JsonNode yaml = read(file);
      return yaml.has("skills") ? yaml.path("skills") : list(yaml);
    }
    if (capability == null) {
      throw output.usage("Either --file or --capability is needed");
    }
    ObjectNode skill = JsonNodeFactory.instance.objectNode().put("capability", capability);
    if (rate != null) {
      skill.set("rate", Json.parse(rate.text()));
    }
    if (currency != null || rate != null) {
      skill.put("currency", currency == null ? DEFAULT_CURRENCY : currency);
    }
    if (description != null) {
      skill.put("description", description);
    }
    return list(skill);
  }

  private static JsonNode list(JsonNode skill) {
    return skill.isArray() ? skill : JsonNodeFactory.instance.arrayNode().add(skill);
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandFailure(
            "SKILLS_FILE", Exit.FAILED, "%s has more than %d bytes".formatted(file, MAX_BYTES));
      }
      return YAMLMapper.builder().build().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CommandFailure("SKILLS_FILE", Exit.FAILED, "Cannot read " + file, e);
    } catch (JacksonException e) {
      throw new CommandFailure(
          "SKILLS_FILE",
          Exit.FAILED,
          "%s is not YAML: %s"
              .formatted(file, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
