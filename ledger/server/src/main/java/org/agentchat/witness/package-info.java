/// Witnesses: those that cosign the checkpoints of others' logs, so that a log which shows one tree
/// here and another one there finds nobody to sign the second (C2SP `tlog-witness`).
///
/// Start reading at [AddCheckpoint], then [WitnessAnswer], [WitnessState] (the rules, and what must
/// be on the disk before an answer), [WitnessServer]. [WitnessClient] is the other side: how a log
/// asks for cosignatures before it publishes.
@NullMarked
package org.agentchat.witness;

import org.jspecify.annotations.NullMarked;
