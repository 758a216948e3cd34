/// A deployment from wish to end, that survives a crash at any point and forgets nothing it paid.
///
/// Start reading in [Decision]: it looks at what is written ([DeploymentRecord], the fold of
/// [Step]s) and at what the network shows ([View]), and says what to do next ([Action]); it is
/// pure. [Journal] keeps the steps, [DeploymentRunner] does what was decided. Two rules make it
/// safe: a transaction is on the disk before it is sent, and no other is signed before its fate is
/// known.
@NullMarked
package org.agentchat.akash.deployment;

import org.jspecify.annotations.NullMarked;
