/// What to run: Akash's Stack Definition Language 2.0, read strictly and with line numbers, and
/// what follows from it: the groups for the chain, the manifest for the provider, and its hash.
/// Pure.
@NullMarked
package org.agentchat.akash.sdl;

import org.jspecify.annotations.NullMarked;
