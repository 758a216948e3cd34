/// An agent's standing as a ledger commits to it: the leaf of the rating map, the way from there to
/// the map's root, and the chain over the entries that name the agent.
@NullMarked
package org.agentchat.schemas.rating;

import org.jspecify.annotations.NullMarked;
