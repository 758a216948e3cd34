package org.agentchat.escrow.chain;

import org.web3j.protocol.core.Response;
import tools.jackson.databind.JsonNode;

/// An answer whose result nobody has interpreted yet: web3j's own answers take almost anything.
final class JsonRpcAnswer extends Response<JsonNode> {}
