package org.agentchat.akash.provider;

import java.util.List;

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

  /// Whether everything runs.
  public boolean isReady() {
    return !services.isEmpty()
        && services.stream().allMatch(service -> service.available() >= service.total());
  }

  /// Where all services answer.
  public List<String> uris() {
    return services.stream().flatMap(service -> service.uris().stream()).toList();
  }
}
