/// Machines follow facts: an agent that fulfils deals of the capability `deploy.akash` by renting
/// machines on the Akash network, and says in the log what becomes of them.
///
/// Start reading in [org.agentchat.deploy.Worker]. It keeps nothing but the journals of its
/// deployments: what is to be done next follows from the fold of the log and from those, so a
/// process that was killed anywhere goes on where it was, and nothing is said or paid twice. No
/// HTTP server but for its own health, no rows, no second opinion on the log: the fold is the
/// ledger's.
@NullMarked
package org.agentchat.deploy;

import org.jspecify.annotations.NullMarked;
