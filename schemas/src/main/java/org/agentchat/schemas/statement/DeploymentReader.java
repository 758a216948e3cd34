package org.agentchat.schemas.statement;

/// Reads what is said of deployments.
final class DeploymentReader {
  private final StatementFields fields;

  DeploymentReader(StatementFields fields) {
    this.fields = fields;
  }

  /// @throws IllegalArgumentException if no such statement has that name
  DeploymentStatement read(String type) {
    String proposalId = fields.token("proposal_id", "Missing proposal_id");
    String network = fields.word("network", DeploymentStatement.NETWORK_RULE);
    return switch (type) {
      case "DEPLOYMENT_RUNNING" -> running(proposalId, network);
      case "DEPLOYMENT_CLOSED" -> {
        long paid = paid();
        yield new DeploymentStatement.DeploymentClosed(proposalId, network, paid, reason());
      }
      case "DEPLOYMENT_FAILED" -> {
        long paid = paid();
        yield new DeploymentStatement.DeploymentFailed(proposalId, network, paid, reason());
      }
      default -> throw new IllegalArgumentException("no deployment statement is called " + type);
    };
  }

  private DeploymentStatement running(String proposalId, String network) {
    String lease = fields.word("lease", DeploymentStatement.LEASE_RULE);
    long until = fields.safeInteger("until", "Missing or invalid until (seconds since 1970)");
    String uris = fields.present("uris", "Missing uris");
    fields.requireSigned("Deployment observations must be signed");
    return new DeploymentStatement.DeploymentRunning(proposalId, network, lease, until, uris);
  }

  private long paid() {
    return fields.safeInteger("paid", "Missing or invalid paid (uact)");
  }

  private String reason() {
    String reason = fields.required("reason", "Missing reason");
    fields.requireSigned("Deployment observations must be signed");
    return reason;
  }
}
