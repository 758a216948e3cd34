package org.agentchat.akash.chain;

/// A block.
///
/// @param height from 1
/// @param atMs when it was made, by the validators' clocks: Unix time in milliseconds. The last one
///   is a few seconds old, unless the node is behind
public record Block(long height, long atMs) {}
