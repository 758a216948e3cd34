/// Renting a machine on the Akash network with a wallet of one's own. Start reading in
/// `deployment`; it uses, from the bottom: `wallet` (keys), `sdl` (what to run), `tx` (what is
/// signed), `chain` (asking and telling the network), `provider` (the machine's owner).
@NullMarked
package org.agentchat.akash;

import org.jspecify.annotations.NullMarked;
