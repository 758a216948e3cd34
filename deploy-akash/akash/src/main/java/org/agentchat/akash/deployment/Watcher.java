package org.agentchat.akash.deployment;

/// Is told what happens while a deployment is under way.
public interface Watcher {
  /// A step was written down.
  void wrote(DeploymentRecord record, Step step);

  /// It waits for something.
  void waits(DeploymentRecord record, String what);

  /// Nobody who is told.
  Watcher SILENT =
      new Watcher() {
        @Override
        public void wrote(DeploymentRecord record, Step step) {}

        @Override
        public void waits(DeploymentRecord record, String what) {}
      };
}
