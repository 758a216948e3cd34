package org.agentchat.akash.sdl;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.agentchat.akash.messages.Attribute;
import org.agentchat.akash.messages.CPU;
import org.agentchat.akash.messages.Endpoint;
import org.agentchat.akash.messages.GPU;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.messages.Memory;
import org.agentchat.akash.messages.PlacementRequirements;
import org.agentchat.akash.messages.ResourceUnit;
import org.agentchat.akash.messages.ResourceValue;
import org.agentchat.akash.messages.Resources;
import org.agentchat.akash.messages.SignedBy;
import org.agentchat.akash.messages.Storage;

/// What the chain is told of a deployment: one group for each placement, in the order of their
/// names; in it one unit for each compute profile, numbered from 1 in the order in which its
/// services come.
final class Groups {
  private Groups() {}

  static List<GroupSpec> of(Sdl sdl) {
    return sdl.placements().values().stream().map(placement -> group(placement, sdl)).toList();
  }

  private static GroupSpec group(Sdl.Placement placement, Sdl sdl) {
    GroupSpec.Builder group =
        GroupSpec.newBuilder()
            .setName(placement.name())
            .setRequirements(
                PlacementRequirements.newBuilder()
                    .setSignedBy(
                        SignedBy.newBuilder()
                            .addAllAllOf(placement.allOf())
                            .addAllAnyOf(placement.anyOf()))
                    .addAllAttributes(attributes(placement.attributes())));
    units(placement.name(), sdl)
        .values()
        .forEach(unit ->
            group.addResources(
                ResourceUnit.newBuilder()
                    .setResource(resources(unit))
                    .setCount(unit.count())
                    .setPrice(
                        Objects.requireNonNull(placement.prices().get(unit.profile())).message())));
    return group.build();
  }

  /// A compute profile at a placement, for all services that run on it.
  ///
  /// @param id from 1
  record Unit(int id, String profile, Sdl.Compute compute, int count, List<Endpoint> endpoints) {
    private Unit plus(Sdl.Rollout rollout) {
      List<Endpoint> all =
          Stream.concat(endpoints.stream(), Groups.endpoints(rollout.service()).stream()).toList();
      return new Unit(id, profile, compute, count + rollout.count(), all);
    }
  }

  /// The units of a placement, by profile.
  static Map<String, Unit> units(String placement, Sdl sdl) {
    Map<String, Unit> units = new LinkedHashMap<>();
    for (Sdl.Rollout rollout : sdl.rollouts()) {
      if (rollout.placement().equals(placement)) {
        Unit fresh = new Unit(units.size() + 1, rollout.profile(), rollout.compute(), 0, List.of());
        units.put(rollout.profile(), units.getOrDefault(rollout.profile(), fresh).plus(rollout));
      }
    }
    return units;
  }

  /// How the world reaches a service.
  static List<Endpoint> endpoints(Sdl.Service service) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Sdl.Expose expose : service.exposes()) {
      if (expose.global()) {
        endpoints.add(
            Endpoint.newBuilder()
                .setKind(expose.isIngress() ? Endpoint.Kind.SHARED_HTTP : Endpoint.Kind.RANDOM_PORT)
                .build());
      }
      if (expose.ipNumber() > 0) {
        endpoints.add(
            Endpoint.newBuilder()
                .setKind(Endpoint.Kind.LEASED_IP)
                .setSequenceNumber(expose.ipNumber())
                .build());
      }
    }
    return endpoints;
  }

  private static Resources resources(Unit unit) {
    Sdl.Compute compute = unit.compute();
    Resources.Builder resources =
        Resources.newBuilder()
            .setId(unit.id())
            .setCpu(
                CPU.newBuilder()
                    .setUnits(value(compute.cpuMilli()))
                    .addAllAttributes(attributes(compute.cpuAttributes())))
            .setMemory(Memory.newBuilder().setQuantity(value(compute.memory())))
            .setGpu(
                GPU.newBuilder()
                    .setUnits(value(compute.gpus()))
                    .addAllAttributes(
                        compute.gpuModels().stream()
                            .map(model -> attribute(model, "true"))
                            .toList()));
    for (Sdl.Volume volume : compute.storage()) {
      resources.addStorage(
          Storage.newBuilder()
              .setName(volume.name())
              .setQuantity(value(volume.size()))
              .addAllAttributes(attributes(volume.attributes())));
    }
    unit.endpoints().stream()
        .sorted(
            Comparator.comparing(Endpoint::getKindValue).thenComparing(Endpoint::getSequenceNumber))
        .forEach(resources::addEndpoints);
    return resources.build();
  }

  /// On the wire an amount is its decimal digits.
  private static ResourceValue value(long amount) {
    return ResourceValue.newBuilder()
        .setVal(ByteString.copyFromUtf8(Long.toString(amount)))
        .build();
  }

  private static List<Attribute> attributes(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(entry -> attribute(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Attribute attribute(String key, String value) {
    return Attribute.newBuilder().setKey(key).setValue(value).build();
  }
}
