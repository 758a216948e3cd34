/// A person or an agent at a terminal: one command a file, results on standard output, everything
/// else on standard error, and the process that runs relay and ledger together.
///
/// May not: hold rules of the marketplace; a command parses, asks another module, and prints.
@NullMarked
package org.agentchat.cli;

import org.jspecify.annotations.NullMarked;
