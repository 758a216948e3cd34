package org.agentchat.akash.provider;

import java.util.List;
import java.util.Map;

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
  /// @param uris host names under which it answers
  public record Service(String name, int available, int total, List<String> uris) {
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

  private int available(String name) {
    return services.stream()
        .filter(service -> service.name().equals(name))
        .mapToInt(Service::available)
        .sum();
  }

  /// Where all services answer.
  public List<String> uris() {
    return services.stream().flatMap(service -> service.uris().stream()).toList();
  }
}
