package org.agentchat.akash.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What a manifest wants of a machine, to be compared with what its owner rents by the chain.
final class RentedUnits {
  private RentedUnits() {}

  /// Whether the manifest has the groups of the chain, in their order, and in each exactly the
  /// resources that are rented.
  static boolean match(JsonNode manifest, List<Chain.Group> groups) {
    if (manifest.size() != groups.size()) {
      return false;
    }
    for (int i = 0; i < groups.size(); i++) {
      JsonNode group = manifest.path(i);
      if (!group.path("name").stringValue("").equals(groups.get(i).name)
          || !units(group.path("services")).equals(groups.get(i).units)) {
        return false;
      }
    }
    return true;
  }

  private static Map<Long, Chain.Unit> units(JsonNode services) {
    Map<Long, Chain.Unit> units = new TreeMap<>();
    for (JsonNode service : services) {
      Chain.Unit one = unit(service);
      units.merge(service.path("resources").path("id").longValue(0), one, RentedUnits::sum);
    }
    return units;
  }

  private static Chain.Unit unit(JsonNode service) {
    JsonNode resources = service.path("resources");
    List<String> volumes = new ArrayList<>();
    for (JsonNode volume : resources.path("storage")) {
      volumes.add(volume.path("name").stringValue("") + "=" + value(volume.path("size")));
    }
    List<Long> endpoints = new ArrayList<>();
    for (JsonNode endpoint : resources.path("endpoints")) {
      endpoints.add(endpoint.path("kind").longValue(0));
    }
    return new Chain.Unit(
        value(resources.path("cpu").path("units")),
        value(resources.path("memory").path("size")),
        volumes,
        value(resources.path("gpu").path("units")),
        service.path("count").longValue(0),
        endpoints);
  }

  /// Services on the same profile add up; what one instance has must be the same for both.
  private static Chain.Unit sum(Chain.Unit one, Chain.Unit other) {
    boolean same =
        one.cpus() == other.cpus()
            && one.bytes() == other.bytes()
            && one.gpus() == other.gpus()
            && one.volumes().equals(other.volumes());
    List<Long> endpoints = new ArrayList<>(one.endpoints());
    endpoints.addAll(other.endpoints());
    return new Chain.Unit(
        same ? one.cpus() : -1,
        one.bytes(),
        one.volumes(),
        one.gpus(),
        one.count() + other.count(),
        endpoints);
  }

  private static long value(JsonNode quantity) {
    String digits = quantity.path("val").stringValue("");
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }
}
