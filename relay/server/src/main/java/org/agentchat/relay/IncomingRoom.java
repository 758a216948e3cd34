package org.agentchat.relay;

/// How much of the heap may be taken by what peers sent and the relay has not handled yet. Frames
/// of three sizes have budgets of their own: a peer that stops in the middle of a large frame
/// cannot keep others from chatting, and since nobody who holds a place among the larger ones ever
/// waits for a smaller one, nobody waits for ever.
///
/// @param small frames of up to [#SMALL] bytes; they count once they are whole
/// @param medium frames of up to [#MEDIUM] bytes, more than any statement needs
/// @param large all others, as many at once as there are times the largest in it
record IncomingRoom(ByteBudget small, ByteBudget medium, ByteBudget large) {
  /// What every connection may hold without asking: more than most messages, and 40 MiB for ten
  /// thousand connections.
  static final int SMALL = 4 * 1024;

  /// Four times the largest frame of a stranger.
  static final int MEDIUM = 64 * 1024;

  /// What a frame in a queue takes besides its bytes, about.
  static final int OVERHEAD = 128;

  IncomingRoom(RelayLimits.Memory memory) {
    this(
        new ByteBudget(memory.small()),
        new ByteBudget(memory.medium()),
        new ByteBudget(memory.large()));
  }
}
