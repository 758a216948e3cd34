@org.jspecify.annotations.NullMarked
package org.agentchat.witness;
