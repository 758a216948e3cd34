/// The log's Merkle tree in public: tiles and checkpoints in a folder, as C2SP tlog-tiles wants
/// them, and the thread that keeps them up. It reads the log's bytes and nothing else: what they
/// say is not known here, but for the name in the first.
@NullMarked
package org.agentchat.ledger.tree;

import org.jspecify.annotations.NullMarked;
