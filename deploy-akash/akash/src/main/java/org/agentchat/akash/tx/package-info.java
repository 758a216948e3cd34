/// What is signed: messages, transactions, amounts. Pure: bytes follow from values alone.
@NullMarked
package org.agentchat.akash.tx;

import org.jspecify.annotations.NullMarked;
