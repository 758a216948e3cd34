package org.agentchat.akash.sdl;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentchat.schemas.json.Json;

/// What a person writes to have something deployed: a whole SDL, or the short `deploy.yaml` with
/// provider, image, resources, wallet and duration, which means one service on one placement.
///
/// @param provider `akash` or `docker`
/// @param wallet the wallet's file, if it is named
/// @param duration how long it is wanted; empty is until it is closed
/// @param sdlText the SDL itself, or the one that the short form means
public record DeployFile(
    String provider, Optional<Path> wallet, Optional<Duration> duration, String sdlText, Sdl sdl) {
  /// The relay's port, and what a container is asked for when nothing else is said.
  public static final int DEFAULT_PORT = 6667;

  /// The highest price a block, in uact, when nothing else is said.
  public static final String DEFAULT_MAX_PRICE = "10000";

  private static final String DEFAULT_NAME = "agentchat";
  private static final String DEFAULT_CPU = "0.5";
  private static final String DEFAULT_MEMORY = "512Mi";
  private static final String DEFAULT_STORAGE = "1Gi";
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([mhd])");
  private static final Pattern PROVIDER = Pattern.compile("akash|docker");

  /// Reads either form.
  ///
  /// @throws SdlException naming the line and what is wrong there
  public static DeployFile read(String text) {
    YamlNode root = YamlNode.read(text);
    return root.entries().containsKey("version")
        ? new DeployFile("akash", Optional.empty(), Optional.empty(), text, SdlReader.read(root))
        : shortForm(root);
  }

  private static DeployFile shortForm(YamlNode root) {
    YamlNode.Fields fields =
        root.fields(
            "provider",
            "image",
            "resources",
            "wallet",
            "duration",
            "name",
            "port",
            "env",
            "max_price",
            "attributes");
    String sdl = sdlText(fields);
    return new DeployFile(
        fields
            .get("provider")
            .map(node -> node.matching(PROVIDER, "akash or docker"))
            .orElse("akash"),
        fields.get("wallet").map(DeployFile::path),
        fields.get("duration").map(DeployFile::duration),
        sdl,
        checked(root, sdl));
  }

  /// What the short form cannot say wrongly is still checked where everything is.
  private static Sdl checked(YamlNode root, String sdl) {
    try {
      return SdlReader.read(sdl);
    } catch (SdlException e) {
      throw root.complaint("the SDL that this means is refused: " + e.getMessage());
    }
  }

  private static Path path(YamlNode node) {
    try {
      return Path.of(node.text());
    } catch (InvalidPathException _) {
      throw node.wrong("a file's name");
    }
  }

  private static Duration duration(YamlNode node) {
    return duration(node.scalar())
        .orElseThrow(() -> node.wrong("a duration such as 90m, 24h or 7d"));
  }

  /// `90m`, `24h` or `7d`; empty for anything else.
  public static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  private static String sdlText(YamlNode.Fields fields) {
    Optional<YamlNode.Fields> resources =
        fields.get("resources").map(node -> node.fields("cpu", "memory", "storage"));
    String price =
        fields
            .get("max_price")
            .map(YamlNode::decimal)
            .map(BigDecimal::toPlainString)
            .orElse(DEFAULT_MAX_PRICE);
    return sdlText(
        fields
            .get("name")
            .map(node -> node.matching(SdlReader.NAME, SdlReader.NAME_WANTED))
            .orElse(DEFAULT_NAME),
        fields.require("image").text(),
        fields.get("port").map(node -> node.integer(1, 65_535)).orElse(DEFAULT_PORT),
        fields.list("env").stream().map(YamlNode::scalar).toList(),
        List.of(
            scalar(resources, "cpu", DEFAULT_CPU),
            scalar(resources, "memory", DEFAULT_MEMORY),
            scalar(resources, "storage", DEFAULT_STORAGE)),
        fields.get("attributes").map(DeployFile::attributes).orElse(""),
        price);
  }

  private static String scalar(Optional<YamlNode.Fields> resources, String key, String otherwise) {
    return resources.flatMap(given -> given.get(key)).map(YamlNode::scalar).orElse(otherwise);
  }

  private static String attributes(YamlNode node) {
    return ComputeReader.attributes(node).entrySet().stream()
        .map(
            entry -> "        %s: %s\n".formatted(quoted(entry.getKey()), quoted(entry.getValue())))
        .collect(Collectors.joining("", "      attributes:\n", ""));
  }

  /// A JSON string is a YAML scalar.
  private static String quoted(String text) {
    return Json.text(text);
  }

  private static String sdlText(
      String name,
      String image,
      int port,
      List<String> env,
      List<String> resources,
      String attributes,
      String price) {
    String variables =
        env.isEmpty()
            ? ""
            : env.stream()
                .map(entry -> "      - " + quoted(entry) + "\n")
                .collect(Collectors.joining("", "    env:\n", ""));
    return """
    ---
    version: "2.0"
    services:
      %1$s:
        image: %2$s
        expose:
          - port: %3$d
            as: 80
            to:
              - global: true
    %4$sprofiles:
      compute:
        %1$s:
          resources:
            cpu:
              units: %5$s
            memory:
              size: %6$s
            storage:
              size: %7$s
      placement:
        akash:
    %8$s      pricing:
            %1$s:
              denom: uact
              amount: %9$s
    deployment:
      %1$s:
        akash:
          profile: %1$s
          count: 1
    """
        .formatted(
            name,
            quoted(image),
            port,
            variables,
            quoted(resources.get(0)),
            quoted(resources.get(1)),
            quoted(resources.get(2)),
            attributes,
            price);
  }
}
