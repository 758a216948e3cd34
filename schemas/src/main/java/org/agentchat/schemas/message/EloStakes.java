package org.agentchat.schemas.message;

/// Rating points that each side put at risk.
public record EloStakes(int proposer, int acceptor) {}
