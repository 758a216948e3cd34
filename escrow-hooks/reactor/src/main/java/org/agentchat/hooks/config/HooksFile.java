package org.agentchat.hooks.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.database.Database;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.Secret;

/// The file in which an operator describes the hooks: YAML, strictly read. `docs/hooks.md` is about
/// it, `hooks.schema.json` its JSON Schema.
///
/// Only [#hooks] looks at secrets, so that whoever may see the outbox need not see them.
public final class HooksFile {
  /// The name that is looked for in the home folder.
  public static final String NAME = "hooks.yaml";

  /// Most hooks of one file.
  public static final int MAX_HOOKS = 100;

  private static final long MAX_BYTES = 256 * 1024;
  private static final List<String> KEYS = List.of("version", "database", "listen", "hooks");
  private static final String VERSION = "1";
  private static final Pattern LISTEN = Pattern.compile("(?:(.+):)?([0-9]{1,5})");
  private static final String LISTEN_WANTED =
      "HOST:PORT or 'none', for example 127.0.0.1:" + ReactorSettings.DEFAULT_PORT + ",";

  private static final String DATABASE = "jdbc:postgresql:... or the path of a file";

  private final Section root;
  private final Path folder;

  private HooksFile(Section root, Path folder) {
    this.root = root;
    this.folder = folder;
  }

  /// Reads the file.
  ///
  /// @param environment of this process, for secrets
  /// @throws HooksFileException if it cannot be read, is no YAML, or has other keys than it may
  public static HooksFile read(Path file, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath();
    String text = text(absolute);
    Path parent = absolute.getParent();
    Path folder = parent == null ? absolute : parent;
    Secrets secrets = new Secrets(folder, environment);
    String name = String.valueOf(file.getFileName());
    Section root = Section.of(YamlReader.read(name, text), secrets, KEYS);
    if (!root.text("version", "'version: 1'").equals(VERSION)) {
      throw root.wrong("version", "1");
    }
    return new HooksFile(root, folder);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new HooksFileException(
            "%s: at most %d bytes wanted, found %d".formatted(file, MAX_BYTES, Files.size(file)));
      }
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      throw new HooksFileException(
          "there is no hooks' file %s; docs/hooks.md says what to write into one".formatted(file));
    } catch (IOException e) {
      throw new HooksFileException("the hooks' file cannot be read: " + e);
    }
  }

  /// Where the outbox is, if the file says so; a relative path begins at the folder of the file.
  public Optional<String> database() {
    return root.textOrSecret("database", DATABASE).map(Secret::reveal).map(this::database);
  }

  private String database(String location) {
    try {
      return Database.fileOf(location)
          .map(path -> folder.resolve(path).normalize().toString())
          .orElse(location);
    } catch (IllegalArgumentException _) {
      throw root.wrongSecret("database", DATABASE);
    }
  }

  /// Where health is told; empty: nowhere.
  public Optional<InetSocketAddress> listen() {
    String text =
        root.someText("listen", LISTEN_WANTED).orElse("127.0.0.1:" + ReactorSettings.DEFAULT_PORT);
    if (text.equals("none")) {
      return Optional.empty();
    }
    Matcher matcher = LISTEN.matcher(text);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
    if (port < 0 || port > 65_535) {
      throw root.wrong("listen", LISTEN_WANTED);
    }
    String host = matcher.group(1);
    return Optional.of(new InetSocketAddress(host == null ? "127.0.0.1" : host, port));
  }

  /// The names of the hooks, as far as they have any.
  public List<String> names() {
    return root.sections("hooks", HookReader.KEYS).stream()
        .map(hook -> hook.text("name", Hook.NAME_RULE))
        .toList();
  }

  /// Everything, checked, with its secrets.
  ///
  /// @throws HooksFileException saying what cannot be
  public HooksSettings settings() {
    Optional<String> database = database();
    Optional<InetSocketAddress> listen = listen();
    return new HooksSettings(database, listen, hooks());
  }

  private List<Hook> hooks() {
    List<Section> sections = root.sections("hooks", HookReader.KEYS);
    if (sections.isEmpty() || sections.size() > MAX_HOOKS) {
      throw root.wrong("hooks", "a list of 1 to %d hooks".formatted(MAX_HOOKS));
    }
    Set<String> names = new HashSet<>();
    List<Hook> hooks = new ArrayList<>();
    for (Section section : sections) {
      Hook hook = HookReader.read(section);
      if (!names.add(hook.name())) {
        throw section.wrong("name", "a name that no other hook has");
      }
      hooks.add(hook);
    }
    return hooks;
  }
}
