package org.agentchat.deploy;

import java.time.Duration;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogUnavailableException;

/// Opens a log on a machine that is so busy that its broker answers late.
final class PatientLog {
  private static final int TRIES = 60;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private PatientLog() {}

  static EventLog open(KafkaSettings settings) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return KafkaEventLog.open(settings);
      } catch (LogUnavailableException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
      Thread.sleep(PAUSE);
    }
  }
}
