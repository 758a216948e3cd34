package org.agentchat.akash.deployment;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.messages.ResourceUnit;
import org.agentchat.akash.messages.Resources;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;

/// Whether an owner's wish for a change can be taken up at all.
public final class Amending {
  private Amending() {}

  /// The step that writes it down.
  ///
  /// @param deposit in uact
  /// @param burn in uakt
  /// @throws AmendmentException if the deployment does not run, or another change is under way
  static Step topUp(DeploymentRecord record, long deposit, long burn) {
    requireChangeable(record);
    if (deposit <= 0 || burn < 0) {
      throw new AmendmentException("a deposit wanted, found %d uact".formatted(deposit));
    }
    return new Step.TopUpWanted(deposit, burn);
  }

  /// The step that writes it down.
  ///
  /// @throws AmendmentException if the deployment does not run, another change is under way, or the
  ///   new SDL asks for other resources than are leased
  static Step update(DeploymentRecord record, String sdl) {
    requireChangeable(record);
    Optional<String> difference =
        difference(
            Manifest.of(SdlReader.read(record.sdl())).groups(),
            Manifest.of(SdlReader.read(sdl)).groups());
    if (difference.isPresent()) {
      throw new AmendmentException(
          "an update changes what the containers run (image, command, args, env, hosts), never what"
              + " is rented: "
              + difference.get()
              + "; for that, close it and create another");
    }
    return new Step.UpdateWanted(sdl);
  }

  /// Whether any change can be taken up now.
  ///
  /// @throws AmendmentException if the deployment does not run, or another change is under way
  public static void requireChangeable(DeploymentRecord record) {
    boolean closing = record.phase() == Phase.RUNNING && record.close().isPresent();
    Phase phase = closing ? Phase.CLOSING : record.phase();
    if (phase != Phase.RUNNING) {
      throw new AmendmentException(
          "the deployment is %s, and only one that is %s can be changed"
              .formatted(phase.words(), Phase.RUNNING.words()));
    }
    if (record.amendment().isPresent()) {
      throw new AmendmentException(
          "its last change (%s) is not finished; --resume goes on with it"
              .formatted(record.amendment().get().words()));
    }
  }

  /// The first thing in which two lists of groups differ, in words.
  static Optional<String> difference(List<GroupSpec> before, List<GroupSpec> after) {
    List<String> names = before.stream().map(GroupSpec::getName).toList();
    List<String> wanted = after.stream().map(GroupSpec::getName).toList();
    if (!names.equals(wanted)) {
      return Optional.of("the placements were %s and would be %s".formatted(names, wanted));
    }
    for (int i = 0; i < before.size(); i++) {
      Optional<String> difference = difference(before.get(i), after.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(GroupSpec before, GroupSpec after) {
    if (before.equals(after)) {
      return Optional.empty();
    }
    String placement = "placement " + before.getName() + ": ";
    if (!before.getRequirements().equals(after.getRequirements())) {
      return Optional.of(placement + "what is asked of the provider would change");
    }
    int units = before.getResourcesCount();
    if (units != after.getResourcesCount()) {
      return Optional.of(
          "%s%d compute profiles would become %d"
              .formatted(placement, units, after.getResourcesCount()));
    }
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < units; i++) {
      changed.addAll(changed(before.getResources(i), after.getResources(i)));
    }
    return Optional.of("%swould change: %s".formatted(placement, String.join(", ", changed)));
  }

  private static List<String> changed(ResourceUnit before, ResourceUnit after) {
    Resources from = before.getResource();
    Resources to = after.getResource();
    List<String> changed = new ArrayList<>();
    addIf(changed, "cpu", from.getCpu(), to.getCpu());
    addIf(changed, "memory", from.getMemory(), to.getMemory());
    addIf(changed, "gpu", from.getGpu(), to.getGpu());
    addIf(changed, "price", before.getPrice(), after.getPrice());
    if (!from.getStorageList().equals(to.getStorageList())) {
      changed.add("storage");
    }
    if (!from.getEndpointsList().equals(to.getEndpointsList())) {
      changed.add("ports open to the world");
    }
    if (before.getCount() != after.getCount()) {
      changed.add("count");
    }
    return changed;
  }

  private static void addIf(List<String> changed, String name, Message before, Message after) {
    if (!before.equals(after)) {
      changed.add(name);
    }
  }
}
