package org.agentchat.akash.chain;

/// An account as transactions see it.
///
/// @param number given by the chain, for ever
/// @param sequence how many transactions it has sent
public record Account(long number, long sequence) {}
