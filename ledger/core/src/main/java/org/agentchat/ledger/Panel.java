package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.jspecify.annotations.Nullable;

/// Who judges a case: whom it was drawn from, how, and who holds the seats now.
///
/// @param pool who may still be drawn: frozen when the case was filed, in ascending order; once the
///   seats are drawn, in the order of the draw
/// @param commitment hexadecimal SHA-256 of the relay's nonce
/// @param nonce the relay's nonce, once it is known
/// @param seed what the draw follows from, once it is known: 64 hexadecimal digits
/// @param seats three once they are drawn, none before
/// @param drawn everybody who was ever given a seat; nobody is drawn twice in one case
public record Panel(
    List<AgentId> pool,
    String commitment,
    @Nullable String nonce,
    @Nullable String seed,
    List<Seat> seats,
    List<AgentId> drawn) {

  /// Arbiters of a case.
  public static final int SIZE = 3;

  /// How often one seat is given to somebody else.
  public static final int MAX_REPLACEMENTS = 2;

  private static final int SEED_DIGITS = 8;
  private static final int HEXADECIMAL = 16;

  /// Copies the lists.
  public Panel {
    pool = List.copyOf(pool);
    seats = List.copyOf(seats);
    drawn = List.copyOf(drawn);
  }

  static Panel pooled(List<AgentId> pool, String commitment) {
    return new Panel(pool, commitment, null, null, List.of(), List.of());
  }

  /// What the draw follows from: neither side knows the other's nonce when it commits to its own.
  static String seed(String proposalId, String disputantNonce, String relayNonce) {
    return Sha256.hex(proposalId + disputantNonce + relayNonce);
  }

  /// The pool in the order of the draw: Fisher-Yates from the end, the seed hashed anew for every
  /// step (protocol.md section 12).
  static List<AgentId> shuffled(List<AgentId> pool, String seed) {
    List<AgentId> order = new ArrayList<>(pool);
    String state = seed;
    for (int last = order.size() - 1; last > 0; last--) {
      state = Sha256.hex(state);
      long random = Long.parseLong(state.substring(0, SEED_DIGITS), HEXADECIMAL);
      Collections.swap(order, last, (int) (random % (last + 1)));
    }
    return order;
  }

  /// The panel with its first three arbiters. The order is drawn over the pool as it was frozen, so
  /// that nobody changes the others' places by becoming ineligible, or by causing that.
  ///
  /// @param eligible those of the pool who may judge now, at least [#SIZE]
  Panel draw(List<AgentId> eligible, String relayNonce, String drawSeed, long respondBy) {
    List<AgentId> order = shuffled(pool, drawSeed);
    List<AgentId> first = order.stream().filter(eligible::contains).limit(SIZE).toList();
    List<Seat> assigned = first.stream().map(arbiter -> Seat.assigned(arbiter, respondBy)).toList();
    return new Panel(order, commitment, relayNonce, drawSeed, assigned, first);
  }

  /// The seat of an agent.
  public Optional<Seat> seatOf(AgentId agent) {
    return seats.stream().filter(seat -> seat.arbiter().equals(agent)).findFirst();
  }

  boolean isComplete() {
    return seats.stream().allMatch(Seat::isTaken);
  }

  boolean hasVoted() {
    return seats.stream().allMatch(seat -> seat.state() == Seat.State.VOTED);
  }

  /// Those who took the duty on.
  public List<AgentId> arbiters() {
    return seats.stream().filter(Seat::isTaken).map(Seat::arbiter).toList();
  }

  /// Those of the pool who never had a seat, in the order of the draw.
  List<AgentId> undrawn() {
    return pool.stream().filter(agent -> !drawn.contains(agent)).toList();
  }

  /// The panel with another holder of the seat that the agent has.
  Panel with(AgentId agent, Seat changed) {
    List<Seat> changedSeats =
        seats.stream().map(seat -> seat.arbiter().equals(agent) ? changed : seat).toList();
    List<AgentId> everybody = new ArrayList<>(drawn);
    if (!everybody.contains(changed.arbiter())) {
      everybody.add(changed.arbiter());
    }
    return new Panel(pool, commitment, nonce, seed, changedSeats, everybody);
  }

  /// What is kept of a closed case: who judged and what each found, but none of their words.
  Panel tombstone() {
    List<Seat> bare = seats.stream().map(Seat::bare).toList();
    return new Panel(List.of(), commitment, nonce, seed, bare, List.of());
  }
}
