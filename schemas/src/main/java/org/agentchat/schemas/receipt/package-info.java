/// What is left of a finished deal: the receipt that its parties carry away.
@NullMarked
package org.agentchat.schemas.receipt;

import org.jspecify.annotations.NullMarked;
