package org.agentchat.log;

/// The fake behaves like the real ones.
final class MemoryLogTest extends EventLogContract {

  private EventLog log = new MemoryLog();

  @Override
  EventLog openEmpty() {
    log = new MemoryLog();
    return log;
  }

  @Override
  EventLog openAgain() {
    return log;
  }
}
