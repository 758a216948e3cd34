/// A simulated Akash: one chain and its providers on loopback, for tests. It decodes what the
/// product encodes and shares no code with it, so that an error cannot hide by being made twice; it
/// is stricter than the real one where that finds mistakes.
@NullMarked
package org.agentchat.akash.simulator;

import org.jspecify.annotations.NullMarked;
