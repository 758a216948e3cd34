package org.agentchat.schemas.statement;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the acceptor of a deal of the capability [#CAPABILITY] says of the machines that it rents
/// for it. Only `agentchat/2` carries these: each must name its log. Whether it is true, the Akash
/// network knows: everybody can look the leases up there.
public sealed interface DeploymentStatement extends Statement {
  /// The capability of the proposals that are fulfilled by a deployment on the Akash network.
  String CAPABILITY = "deploy.akash";

  /// The deal.
  String proposalId();

  /// The chain's id, for example `akashnet-2`: 1 to 63 lower-case letters, digits and hyphens.
  String network();

  /// Everything that the deal asks for runs. Said again with other leases when the machines had to
  /// be replaced.
  ///
  /// @param lease 1 to 20 leases as `owner/dseq/gseq/oseq/provider`, one space between them
  /// @param until when it is closed at the latest, seconds since 1970
  /// @param uris where it answers, one space between them; may be empty
  record DeploymentRunning(String proposalId, String network, String lease, long until, String uris)
      implements DeploymentStatement {
    /// @throws InvalidStatementException if a part has another shape
    public DeploymentRunning {
      requireNetwork(network);
      if (!LEASES.matcher(lease).matches()) {
        throw new InvalidStatementException(LEASE_RULE);
      }
      requireSafe("until", until);
    }

    @Override
    public String type() {
      return "DEPLOYMENT_RUNNING";
    }

    @Override
    public ObjectNode json() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("lease", lease)
          .put("network", network)
          .put("proposal_id", proposalId)
          .put("type", type())
          .put("until", until)
          .put("uris", uris);
    }
  }

  /// It ran and is closed: nothing of it is open any more.
  ///
  /// @param paid what providers got in all, in uact
  /// @param reason one sentence
  record DeploymentClosed(String proposalId, String network, long paid, String reason)
      implements DeploymentStatement {
    /// @throws InvalidStatementException if a part has another shape
    public DeploymentClosed {
      requireNetwork(network);
      requireSafe("paid", paid);
    }

    @Override
    public String type() {
      return "DEPLOYMENT_CLOSED";
    }

    @Override
    public ObjectNode json() {
      return ended(this, paid, reason);
    }
  }

  /// It never ran, and nothing of it is open.
  ///
  /// @param paid what providers got in all, in uact
  /// @param reason one sentence
  record DeploymentFailed(String proposalId, String network, long paid, String reason)
      implements DeploymentStatement {
    /// @throws InvalidStatementException if a part has another shape
    public DeploymentFailed {
      requireNetwork(network);
      requireSafe("paid", paid);
    }

    @Override
    public String type() {
      return "DEPLOYMENT_FAILED";
    }

    @Override
    public ObjectNode json() {
      return ended(this, paid, reason);
    }
  }

  /// @throws InvalidStatementException always
  @Override
  default String joined() {
    throw new InvalidStatementException(type() + " must be signed under " + Scheme.BOUND);
  }

  @Override
  default List<String> joinedForms() {
    return List.of();
  }

  /// What a network must look like.
  String NETWORK_RULE = "Missing or invalid network (1 to 63 of a-z, 0-9, hyphen)";

  /// What a list of leases must look like.
  String LEASE_RULE =
      "Missing or invalid lease (1 to 20 of owner/dseq/gseq/oseq/provider, one space between)";

  /// A network.
  Pattern NETWORK = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /// Leases.
  Pattern LEASES =
      Pattern.compile(
          "akash1[a-z0-9]{38}/[1-9][0-9]{0,18}/[1-9][0-9]{0,9}/[1-9][0-9]{0,9}/akash1[a-z0-9]{38}"
              + "( akash1[a-z0-9]{38}/[1-9][0-9]{0,18}/[1-9][0-9]{0,9}/[1-9][0-9]{0,9}"
              + "/akash1[a-z0-9]{38}){0,19}");

  private static void requireNetwork(String network) {
    if (!NETWORK.matcher(network).matches()) {
      throw new InvalidStatementException(NETWORK_RULE);
    }
  }

  private static void requireSafe(String name, long number) {
    if (number < 0 || number >= 1L << 53) {
      throw new InvalidStatementException("Missing or invalid " + name);
    }
  }

  private static ObjectNode ended(DeploymentStatement said, long paid, String reason) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("network", said.network())
        .put("paid", paid)
        .put("proposal_id", said.proposalId())
        .put("reason", reason)
        .put("type", said.type());
  }
}
