@NullMarked
package org.agentchat.ledger.tree;

import org.jspecify.annotations.NullMarked;
