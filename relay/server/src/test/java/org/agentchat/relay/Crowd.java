package org.agentchat.relay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;

/// Who there is in a simulated world, and who is next by chance.
final class Crowd {
  /// In everything that an audit log must not hold.
  static final String CONFIDENTIAL = "confidential";

  private static final int PEOPLE = 9;

  /// So many more have a past.
  private static final int JUDGES = SeasonedLog.JUDGES;

  private static final int PLACES = 4;

  private final Random random;
  private final List<Identity> identities = new ArrayList<>();

  Crowd(long seed) {
    this.random = new Random(seed);
    for (int i = 0; i < PEOPLE + JUDGES; i++) {
      fresh();
    }
  }

  /// Every key that there is, also those that nobody uses, any more or yet; oldest first.
  List<Identity> identities() {
    return identities;
  }

  /// Those who may judge others from the start.
  List<Identity> judges() {
    return List.copyOf(identities.subList(PEOPLE, PEOPLE + JUDGES));
  }

  /// 32 bytes.
  byte[] secret() {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    return secret;
  }

  /// Another key.
  Identity fresh() {
    Identity fresh = Identity.ofSeed("p" + identities.size(), secret(), Instant.EPOCH);
    identities.add(fresh);
    return fresh;
  }

  /// Somebody whose signatures are of no use.
  static Identity fake() {
    return TestRelay.identity("fake", 99);
  }

  /// At least 0, below the bound.
  int number(int bound) {
    return random.nextInt(bound);
  }

  /// True once in so many times.
  boolean chance(int times) {
    return random.nextInt(times) == 0;
  }

  <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /// One of some, if there are any, three times in four; else one of all.
  private Identity rather(List<Identity> some) {
    return some.isEmpty() || chance(4) ? anybody() : any(some);
  }

  String nonce() {
    return "%016x".formatted(random.nextLong());
  }

  String address() {
    return "10.1.2." + (1 + random.nextInt(PLACES));
  }

  String text() {
    return CONFIDENTIAL + " " + random.nextInt(1_000_000);
  }

  Identity anybody() {
    return any(identities);
  }

  /// Mostly somebody who waits for it.
  Identity somebodyToApprove(RelayModel model) {
    return rather(identities.stream().filter(model::isWaiting).toList());
  }

  /// Mostly somebody whose key is good, and who is not here yet.
  Identity somebodyWelcome(RelayModel model) {
    return rather(
        identities.stream()
            .filter(one -> model.isWelcome(one) && model.online(one.id()).isEmpty())
            .toList());
  }

  Identity somebodyBanned(RelayModel model) {
    List<AgentId> names = model.banned().stream().flatMap(b -> model.names(b).stream()).toList();
    return rather(identities.stream().filter(one -> names.contains(one.id())).toList());
  }

  /// Mostly one who is in: they do more.
  Seat anySeat(List<Seat> seats) {
    List<Seat> in = seats.stream().filter(Seat::isIn).toList();
    return in.isEmpty() || chance(8) ? any(seats) : any(in);
  }

  /// Somebody's name: of who is here or on the way in, of a key, or of nobody.
  AgentId anyone(List<Seat> seats) {
    List<AgentId> here = seats.stream().flatMap(seat -> nameOf(seat).stream()).toList();
    if (chance(20)) {
      return new AgentId("nobody" + random.nextInt(3));
    }
    return here.isEmpty() || chance(4) ? anybody().id() : any(here);
  }

  private static Optional<AgentId> nameOf(Seat seat) {
    return seat.isIn()
        ? Optional.of(seat.id())
        : Optional.ofNullable(seat.identity).map(Identity::id);
  }

  /// Mostly one that the agent is in.
  String channel(Seat seat, List<String> all) {
    if (chance(25)) {
      return "#nowhere";
    }
    return seat.channels.isEmpty() || chance(3) ? any(all) : any(List.copyOf(seat.channels));
  }
}
