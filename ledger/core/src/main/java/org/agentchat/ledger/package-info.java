/// The rules: what follows from a log. The fold, ratings, stakes, receipts, deadlines by log time,
/// and the auditor. `check` says whether a statement would apply, `apply` is the only mutator.
///
/// May not: do I/O, read a clock or a random source, start threads, log, compute with doubles other
/// than through `StrictMath`, or know anything but `org.agentchat.schemas`.
@NullMarked
package org.agentchat.ledger;

import org.jspecify.annotations.NullMarked;
