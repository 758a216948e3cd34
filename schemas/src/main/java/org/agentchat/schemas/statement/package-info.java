/// What an agent can sign: statements, and the two schemes that bind a signature to them.
///
/// Statements are values. Whether one applies is the ledger's question, not theirs.
@NullMarked
package org.agentchat.schemas.statement;

import org.jspecify.annotations.NullMarked;
