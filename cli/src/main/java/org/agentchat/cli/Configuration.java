package org.agentchat.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What every [Setting] is: a flag counts before the environment, that before the file, that before
/// the default. Every value has the form of its kind. An empty variable of the environment counts
/// as none.
final class Configuration {
  private final Map<Setting, Given> values;

  private Configuration(Map<Setting, Given> values) {
    this.values = values;
  }

  /// A value, and where it came from.
  ///
  /// @param source `--port`, `environment variable PORT`, `relay.conf line 3` or `the default`
  record Given(String text, String source) {
    boolean isEmpty() {
      return text.isEmpty();
    }
  }

  /// Puts the sources together.
  ///
  /// @throws ConfigurationException if a value has another form than its setting wants
  static Configuration of(
      Map<Setting, Given> flags, Map<String, String> environment, Map<Setting, Given> file) {
    Map<Setting, Given> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String variable = environment.getOrDefault(setting.environment(), "");
      Given given = flags.get(setting);
      if (given == null && !variable.isEmpty()) {
        given = new Given(variable, "environment variable " + setting.environment());
      }
      if (given == null) {
        given = file.get(setting);
      }
      values.put(
          setting,
          given == null ? new Given(setting.fallback(), "the default") : check(setting, given));
    }
    return new Configuration(values);
  }

  private static Given check(Setting setting, Given given) {
    Kind kind = setting.kind();
    boolean good =
        given.isEmpty()
            ? setting.fallback().isEmpty() || kind instanceof Kind.Several
            : kind.fits(given.text());
    if (!good) {
      throw wrong(setting, given, kind.wanted());
    }
    return given;
  }

  private static ConfigurationException wrong(Setting setting, Given given, String wanted) {
    String found =
        setting.kind() instanceof Kind.Secret
            ? given.text().length() + " characters"
            : "'" + Printable.of(given.text()) + "'";
    return new ConfigurationException(
        "%s (%s): %s wanted, found %s".formatted(setting.key(), given.source(), wanted, found));
  }

  /// The complaint about a value that has the right form and yet cannot be.
  ConfigurationException wrong(Setting setting, String wanted) {
    return wrong(setting, given(setting), wanted);
  }

  private Given given(Setting setting) {
    Given given = values.get(setting);
    if (given == null) {
      throw new IllegalStateException("a setting without a value: " + setting);
    }
    return given;
  }

  /// The text; empty for none.
  String text(Setting setting) {
    return given(setting).text();
  }

  /// Where the value came from.
  String source(Setting setting) {
    return given(setting).source();
  }

  /// The text, if there is one.
  Optional<String> some(Setting setting) {
    return Optional.of(text(setting)).filter(text -> !text.isEmpty());
  }

  long whole(Setting setting) {
    return Long.parseLong(text(setting));
  }

  int small(Setting setting) {
    return Math.toIntExact(whole(setting));
  }

  boolean truth(Setting setting) {
    return Kind.YES.contains(text(setting).toLowerCase(Locale.ROOT));
  }

  Duration millis(Setting setting) {
    return Duration.ofMillis(whole(setting));
  }

  List<String> several(Setting setting) {
    return Kind.Several.parts(text(setting));
  }

  Optional<Path> path(Setting setting) {
    return some(setting).map(Path::of);
  }

  /// The word of an enumeration that has the choices in capitals.
  <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
    return Enum.valueOf(type, text(setting).toUpperCase(Locale.ROOT));
  }
}
