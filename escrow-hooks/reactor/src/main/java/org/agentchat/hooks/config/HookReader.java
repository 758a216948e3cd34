package org.agentchat.hooks.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.hooks.Handler;
import org.agentchat.hooks.Hook;
import org.agentchat.hooks.NoticeFilter;
import org.agentchat.hooks.NoticeName;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.hooks.evm.EvmHandler;
import org.agentchat.hooks.exec.ExecHandler;
import org.agentchat.hooks.webhook.WebhookHandler;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.Statement;

/// Reads one hook of the file.
///
/// @param name of the hook
/// @param filter what it is told of
/// @param retries what comes after a failure
/// @param retention for how long what is done is remembered
record HookReader(String name, NoticeFilter filter, RetrySchedule retries, Duration retention) {
  /// The kinds of handler, each the key of its section.
  private static final List<String> KINDS = List.of("webhook", "exec", "evm");

  static final List<String> KEYS =
      List.of(
          "name",
          "webhook",
          "exec",
          "evm",
          "events",
          "agents",
          "capabilities",
          "from",
          "concurrency",
          "retries",
          "keep-done");

  /// Agents or capabilities of one filter.
  private static final int MAX_FILTERED = 1_000;

  private static final int DEFAULT_CONCURRENCY = 4;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration DEFAULT_RETENTION = Duration.ofDays(30);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(3_650);
  private static final String EVERY_EVENT = "*";

  /// @throws HooksFileException saying what cannot be
  static Hook read(Section section) {
    String name = section.text("name", Hook.NAME_RULE);
    if (!Hook.isName(name)) {
      throw section.wrong("name", Hook.NAME_RULE);
    }
    String kind = section.oneOf(KINDS);
    if (kind.equals("evm")) {
      refuseFilters(section);
    }
    HookReader reader =
        new HookReader(
            name,
            filter(section),
            retries(section),
            section.duration("keep-done", Duration.ZERO, LONGEST_RETENTION, DEFAULT_RETENTION));
    Handler handler =
        switch (kind) {
          case "webhook" -> new WebhookHandler(WebhookReader.read(section, reader));
          case "evm" -> new EvmHandler(EvmReader.read(section, reader));
          default -> new ExecHandler(ExecReader.read(section, reader));
        };
    int concurrency = section.whole("concurrency", 1, Hook.MAX_CONCURRENCY, DEFAULT_CONCURRENCY);
    return new Hook(name, kind, handler, from(section, kind), concurrency);
  }

  /// Money follows every deal of its contract, and a row of it is never forgotten.
  private static void refuseFilters(Section section) {
    for (String key : List.of("events", "agents", "capabilities", "keep-done")) {
      if (section.has(key)) {
        throw section.wrong(
            "an evm hook has no '%s': it serves every deal of its contract".formatted(key));
      }
    }
  }

  /// A new hook that moves money begins with the first entry: which deals still need something is
  /// for the contract to say.
  private static Hook.From from(Section section, String kind) {
    String usual = kind.equals("evm") ? "beginning" : "now";
    return switch (section.someText("from", "'now' or 'beginning'").orElse(usual)) {
      case "now" -> Hook.From.NOW;
      case "beginning" -> Hook.From.BEGINNING;
      default -> throw section.wrong("from", "'now' or 'beginning'");
    };
  }

  private static RetrySchedule retries(Section section) {
    if (!section.has("retries")) {
      return RetrySchedule.DEFAULT;
    }
    List<Duration> pauses = section.durations("retries", SHORTEST_PAUSE, RetrySchedule.LONGEST);
    if (pauses.size() > RetrySchedule.MAX_PAUSES) {
      throw section.wrong(
          "retries", "a list of at most %d time spans".formatted(RetrySchedule.MAX_PAUSES));
    }
    return new RetrySchedule(pauses);
  }

  private static NoticeFilter filter(Section section) {
    return new NoticeFilter(events(section), agents(section), capabilities(section));
  }

  private static Set<NoticeName> events(Section section) {
    Set<NoticeName> names = new LinkedHashSet<>();
    List<String> known = Arrays.stream(NoticeName.values()).map(NoticeName::word).toList();
    List<String> words = section.texts("events", "a list of event names");
    for (int i = 0; i < words.size(); i++) {
      List<NoticeName> meant = meant(words.get(i));
      if (meant.isEmpty()) {
        throw section.wrong(
            "events",
            i,
            "an event name, perhaps '%s', or a group such as 'escrow:*'"
                .formatted(Nearest.of(words.get(i), known)));
      }
      names.addAll(meant);
    }
    if (section.has("events") && names.isEmpty()) {
      throw section.wrong("events", "a list of at least one event name");
    }
    return names;
  }

  /// The names that a word stands for: one, those of a group (`escrow:*`), or all (`*`).
  private static List<NoticeName> meant(String word) {
    if (word.equals(EVERY_EVENT)) {
      return List.of(NoticeName.values());
    }
    if (word.endsWith(":*")) {
      String group = word.substring(0, word.length() - 1);
      return Arrays.stream(NoticeName.values())
          .filter(name -> name.word().startsWith(group))
          .toList();
    }
    return NoticeName.of(word).stream().toList();
  }

  private static Set<AgentId> agents(Section section) {
    String wanted = "an agent's id of 16 hexadecimal digits, in quotes if it has its @,";
    List<String> words = limited(section, "agents", "a list of agents' ids");
    Set<AgentId> agents = new LinkedHashSet<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).startsWith("@") ? words.get(i) : "@" + words.get(i);
      Optional<AgentId> agent = AgentId.parse(word).filter(AgentId::isPersistent);
      if (agent.isEmpty()) {
        throw section.wrong("agents", i, wanted);
      }
      agents.add(agent.get());
    }
    return agents;
  }

  private static Set<String> capabilities(Section section) {
    List<String> words = limited(section, "capabilities", "a list of capabilities");
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).length() > Statement.MAX_CAPABILITY_CHARS) {
        throw section.wrong(
            "capabilities",
            i,
            "a capability of at most %d characters".formatted(Statement.MAX_CAPABILITY_CHARS));
      }
    }
    return new LinkedHashSet<>(words);
  }

  /// An empty list would be taken for everything; nobody who writes one means that.
  private static List<String> limited(Section section, String key, String wanted) {
    List<String> words = new ArrayList<>(section.texts(key, wanted));
    if (section.has(key) && (words.isEmpty() || words.size() > MAX_FILTERED)) {
      throw section.wrong(key, "%s, 1 to %d of them,".formatted(wanted, MAX_FILTERED));
    }
    return words;
  }
}
