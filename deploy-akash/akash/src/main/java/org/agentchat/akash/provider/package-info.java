/// Talking to the owner of a machine: who we are (a signed token), who it is (its certificate), the
/// manifest, and how the services do.
@NullMarked
package org.agentchat.akash.provider;

import org.jspecify.annotations.NullMarked;
