package org.agentchat.log;

import java.io.IOException;
import java.nio.file.Path;

/// Somebody else works in the folder; the message is one sentence that says what to do.
public final class FolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  FolderInUseException(String user, Path folder) {
    super("Another %s is using %s: stop it, or choose another folder".formatted(user, folder));
  }
}
