package org.agentchat.client;

/// The connection ended, or the attempts to restore it did.
///
/// @param reason one sentence
/// @param reconnecting whether the client goes on trying; if not, this is the last word
public record Disconnected(String reason, boolean reconnecting) {}
