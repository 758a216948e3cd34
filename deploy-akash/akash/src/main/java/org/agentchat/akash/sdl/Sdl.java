package org.agentchat.akash.sdl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.agentchat.akash.tx.Price;

/// A deployment as its owner describes it: valid, in the order in which the chain wants it.
///
/// @param placements by name; what is asked of a provider
/// @param rollouts by placement, then by service: what runs where
public record Sdl(SortedMap<String, Placement> placements, List<Rollout> rollouts) {
  /// A container image and how to run it.
  public record Service(
      String name,
      String image,
      List<String> command,
      List<String> args,
      List<String> env,
      List<Expose> exposes,
      List<Mount> mounts,
      Optional<Credentials> credentials) {}

  /// A port of a container, for one kind of caller. A port with several callers is listed for each.
  ///
  /// @param externalPort 0 is the same as the container's
  /// @param hosts names under which HTTP is accepted
  /// @param service the only service that may call; empty is any
  /// @param global open to the world
  /// @param ip the leased address that it is open on; empty without
  public record Expose(
      int port,
      int externalPort,
      Protocol protocol,
      List<String> hosts,
      String service,
      boolean global,
      String ip,
      int ipNumber,
      HttpOptions http) {
    private static final int HTTP_PORT = 80;

    /// Whether the provider's own web server stands before it, and not a port of its own.
    boolean isIngress() {
      int outside = externalPort == 0 ? port : externalPort;
      return global && protocol == Protocol.TCP && outside == HTTP_PORT;
    }
  }

  public enum Protocol {
    TCP,
    UDP
  }

  /// How the provider's web server treats calls; times in milliseconds.
  public record HttpOptions(
      int maxBodySize,
      int readTimeout,
      int sendTimeout,
      int nextTries,
      int nextTimeout,
      List<String> nextCases) {}

  /// Where a volume of the compute profile appears.
  ///
  /// @param mount a path in the container; may be empty for a volume in memory
  public record Mount(String volume, String mount, boolean readOnly) {}

  /// For images that not everybody may pull.
  public record Credentials(String host, String email, String username, String password) {
    @Override
    public String toString() {
      return "credentials for " + host;
    }
  }

  /// What a machine must have.
  ///
  /// @param cpuMilli thousandths of a CPU
  /// @param memory bytes
  /// @param gpus 0 is none
  public record Compute(
      long cpuMilli,
      SortedMap<String, String> cpuAttributes,
      long memory,
      List<Volume> storage,
      int gpus,
      List<String> gpuModels) {}

  /// A disk, of so many bytes.
  public record Volume(String name, long size, SortedMap<String, String> attributes) {}

  /// What is asked of the provider.
  ///
  /// @param allOf auditors who must all have signed for its attributes
  /// @param anyOf auditors of whom one must have
  public record Placement(
      String name,
      SortedMap<String, String> attributes,
      List<String> allOf,
      List<String> anyOf,
      Map<String, Price> prices) {}

  /// So many of a service at a placement, on a compute profile.
  public record Rollout(
      String placement, Service service, String profile, Compute compute, int count) {}
}
