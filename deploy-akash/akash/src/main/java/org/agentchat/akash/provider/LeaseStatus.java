package org.agentchat.akash.provider;

import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// How the services of a lease do.
///
/// @param services by name
/// @param ports what is reachable beside HTTP, `host:port -> service:port/protocol`
public record LeaseStatus(List<Service> services, List<String> ports) {
  public LeaseStatus {
    services = List.copyOf(services);
    ports = List.copyOf(ports);
  }

  /// One service.
  ///
  /// @param available replicas that run
  /// @param total replicas that should
  /// @param updated replicas of the latest manifest, running or not; as many as answer where the
  ///   provider does not say
  /// @param uris host names under which it answers
  public record Service(String name, int available, int total, int updated, List<String> uris) {
    public Service {
      uris = List.copyOf(uris);
    }
  }

  /// Whether everything runs. What should is not the provider's to say: before it has begun, it
  /// knows of none of none.
  ///
  /// @param wanted replicas by the service's name
  public boolean isReady(Map<String, Integer> wanted) {
    return wanted.entrySet().stream().allMatch(one -> available(one.getKey()) >= one.getValue());
  }

  /// Whether everything runs, and nothing of an earlier manifest is counted: its replicas answer
  /// until the new ones take their place.
  ///
  /// @param wanted replicas by the service's name
  public boolean isRenewed(Map<String, Integer> wanted) {
    return isReady(wanted)
        && wanted.entrySet().stream()
            .allMatch(one -> count(one.getKey(), Service::updated) >= one.getValue());
  }

  private int available(String name) {
    return count(name, Service::available);
  }

  private int count(String name, ToIntFunction<Service> replicas) {
    return services.stream()
        .filter(service -> service.name().equals(name))
        .mapToInt(replicas)
        .sum();
  }

  /// Where all services answer.
  public List<String> uris() {
    return services.stream().flatMap(service -> service.uris().stream()).toList();
  }
}
