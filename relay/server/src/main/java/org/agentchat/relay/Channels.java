package org.agentchat.relay;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// The channels of this relay: those that exist from the start, which stay, and those that agents
/// created, which are forgotten when they stay empty. Thread-safe; finding one takes no lock.
final class Channels {
  private final RelayLimits limits;
  private final ChatRules rules;
  private final RelayClock clock;

  private final AtomicLong made = new AtomicLong();

  /// Replaced as a whole, which is cheap at the rate at which agents may create channels.
  private volatile Map<String, Channel> channels;

  Channels(RelaySettings settings, RelayClock clock) {
    this.limits = settings.limits();
    this.rules = settings.chat();
    this.clock = clock;
    Map<String, Channel> first = new LinkedHashMap<>();
    settings.channels().forEach(name -> first.put(name, channel(name, Channel.Kind.OPEN)));
    settings
        .verifiedChannels()
        .forEach(name -> first.put(name, channel(name, Channel.Kind.VERIFIED)));
    this.channels = Collections.unmodifiableMap(first);
  }

  private Channel channel(String name, Channel.Kind kind) {
    return new Channel(name, kind, made.incrementAndGet(), limits, rules, clock);
  }

  Optional<Channel> find(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  /// Those that the connection is in, in the order in which they were made.
  List<Channel> of(Connection connection) {
    return connection.channels().stream()
        .flatMap(name -> find(name).stream())
        .sorted(Comparator.comparingLong(Channel::number))
        .toList();
  }

  Collection<Channel> all() {
    return channels.values();
  }

  int size() {
    return channels.size();
  }

  /// How many are listed.
  long publicSize() {
    return channels.values().stream().filter(channel -> !channel.kind().inviteOnly()).count();
  }

  List<ServerMessage.ChannelSummary> list() {
    return channels.values().stream()
        .filter(channel -> !channel.kind().inviteOnly())
        .map(channel ->
            new ServerMessage.ChannelSummary(
                channel.name(), channel.size(), channel.isVerifiedOnly() ? true : null))
        .toList();
  }

  /// What became of a wish for a channel.
  sealed interface Creation {
    /// It is there.
    record Created(Channel channel) implements Creation {}

    /// It was there already.
    record Exists() implements Creation {}

    /// There are enough of the same creator, or of everybody.
    record TooMany(int max, String whose) implements Creation {}
  }

  /// Makes a channel.
  synchronized Creation create(String name, Channel.Kind kind) {
    if (channels.containsKey(name)) {
      return new Creation.Exists();
    }
    long own = created().stream().filter(c -> isBy(c, kind.creator())).count();
    if (own >= rules.channels().createdPerAgent()) {
      return new Creation.TooMany(rules.channels().createdPerAgent(), "created by one agent");
    }
    if (created().size() >= rules.channels().created() && !makeRoom()) {
      return new Creation.TooMany(rules.channels().created(), "created on this server");
    }
    Channel channel = channel(name, kind);
    Map<String, Channel> more = new LinkedHashMap<>(channels);
    more.put(name, channel);
    channels = Collections.unmodifiableMap(more);
    return new Creation.Created(channel);
  }

  private static boolean isBy(Channel channel, @Nullable AgentId creator) {
    return creator != null && creator.equals(channel.kind().creator());
  }

  private List<Channel> created() {
    return channels.values().stream().filter(c -> c.kind().creator() != null).toList();
  }

  /// Forgets the channel that is empty for longest, if any is.
  private boolean makeRoom() {
    return created().stream()
        .filter(channel -> channel.emptySince() != Long.MAX_VALUE)
        .min(Comparator.comparingLong(Channel::emptySince))
        .filter(this::forget)
        .isPresent();
  }

  /// Forgets the created channels that are empty for long enough.
  synchronized void forgetEmpty(long now) {
    long since = now - rules.channels().emptyFor().toMillis();
    created().stream().filter(channel -> channel.emptySince() <= since).forEach(this::forget);
  }

  private boolean forget(Channel channel) {
    if (!channel.forget()) {
      return false;
    }
    Map<String, Channel> fewer = new LinkedHashMap<>(channels);
    fewer.remove(channel.name());
    channels = Collections.unmodifiableMap(fewer);
    return true;
  }

  /// Says something to a channel as the server; nothing happens when there is no such channel.
  void announce(String name, ServerMessage.Msg message) {
    find(name).ifPresent(channel -> channel.post(message));
  }
}
