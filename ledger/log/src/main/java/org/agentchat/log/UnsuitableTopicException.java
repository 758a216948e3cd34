package org.agentchat.log;

/// The Kafka topic exists but cannot hold the log: more than one partition, compacted, or with an
/// end to its retention. The message names the setting and how to change it.
public final class UnsuitableTopicException extends LogException {

  private static final long serialVersionUID = 1L;

  UnsuitableTopicException(String message) {
    super(message, null);
  }
}
