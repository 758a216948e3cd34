package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A file of settings, UTF-8: a line is `name = value`, empty, or a comment that begins with `#`.
/// The value is the rest of the line without the spaces around it.
final class ConfigurationFile {
  /// The file in the home folder that is read when no other is named.
  static final String NAME = "relay.conf";

  /// Several times what all settings need.
  private static final long MAX_BYTES = 64 * 1024;

  /// As much of an unknown name as is compared: no name is longer.
  private static final int MAX_TYPED_CHARS = 64;

  private ConfigurationFile() {}

  /// What the file says.
  ///
  /// @throws ConfigurationException if the file cannot be read or says something unknown
  static Map<Setting, Configuration.Given> read(Path file) {
    List<String> lines;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigurationException(
            file + ": at most " + MAX_BYTES + " bytes wanted, found " + Files.size(file));
      }
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConfigurationException("the configuration file cannot be read: " + e);
    }
    Map<Setting, Configuration.Given> given = new EnumMap<>(Setting.class);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        read(line, file.getFileName() + " line " + (i + 1), given);
      }
    }
    return given;
  }

  private static void read(String line, String source, Map<Setting, Configuration.Given> given) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new ConfigurationException(source + ": 'name = value' wanted, found no '='");
    }
    Setting setting = setting(line.substring(0, equals).strip(), source);
    String value = line.substring(equals + 1).strip();
    Configuration.Given before = given.put(setting, new Configuration.Given(value, source));
    if (before != null) {
      throw new ConfigurationException(
          source + ": " + setting.key() + " wanted once, found before in " + before.source());
    }
  }

  /// The setting of that name.
  ///
  /// @throws ConfigurationException if there is none, with the nearest name
  static Setting setting(String key, String source) {
    return Setting.named(key)
        .orElseThrow(() ->
            new ConfigurationException(
                source
                    + ": there is no setting '"
                    + Printable.of(key)
                    + "', perhaps "
                    + nearest(key)
                    + " is meant"));
  }

  private static String nearest(String key) {
    return Arrays.stream(Setting.values())
        .map(Setting::key)
        .min(Comparator.comparingInt(known -> distance(known, key)))
        .orElseThrow();
  }

  /// How many letters to insert, delete or replace (Levenshtein).
  private static int distance(String known, String typed) {
    int[] row = IntStream.rangeClosed(0, known.length()).toArray();
    for (int i = 1; i <= Math.min(typed.length(), MAX_TYPED_CHARS); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= known.length(); j++) {
        int replaced = diagonal + (typed.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
      }
    }
    return row[known.length()];
  }
}
