package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.agentchat.schemas.identity.AgentId;

/// What a relay tells both parties of a deal of the machines that its acceptor rents for it. Ours;
/// other servers know none of it. `index` is the log index of the statement.
@JsonSubTypes({
  @JsonSubTypes.Type(DeploymentNotice.DeploymentRunning.class),
  @JsonSubTypes.Type(DeploymentNotice.DeploymentClosed.class),
  @JsonSubTypes.Type(DeploymentNotice.DeploymentFailed.class),
})
public sealed interface DeploymentNotice extends ServerMessage {
  /// The deal.
  String proposalId();

  @Override
  String sig();

  /// Everything runs.
  ///
  /// @param lease the leases on the network
  /// @param until when it is closed at the latest, seconds since 1970
  /// @param uris where it answers
  @JsonTypeName("DEPLOYMENT_RUNNING")
  record DeploymentRunning(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      String network,
      String lease,
      long until,
      String uris,
      String sig,
      Long index)
      implements DeploymentNotice {}

  /// It ran and is closed.
  ///
  /// @param paid what providers got, in uact
  @JsonTypeName("DEPLOYMENT_CLOSED")
  record DeploymentClosed(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      String network,
      long paid,
      String reason,
      String sig,
      Long index)
      implements DeploymentNotice {}

  /// It never ran, and nothing is open.
  ///
  /// @param paid what providers got, in uact
  @JsonTypeName("DEPLOYMENT_FAILED")
  record DeploymentFailed(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      String network,
      long paid,
      String reason,
      String sig,
      Long index)
      implements DeploymentNotice {}
}
