/// What the world can ask: the projector that turns entries into rows (rows and position in one
/// transaction), the migrations, and the HTTP API.
///
/// May not: decide anything; every fact comes from the fold. Tables are disposable: drop, migrate
/// and replay give the same rows.
@NullMarked
package org.agentchat.ledger.server;

import org.jspecify.annotations.NullMarked;
