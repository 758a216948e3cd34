package org.agentchat.akash.sdl;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.Price;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;

/// Reads SDL 2.0. Everything unknown is an error, and so is everything that the chain would refuse.
public final class SdlReader {
  static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  static final String NAME_WANTED =
      "a name of small letters, digits and '-', at most 63 characters,";

  private static final String VERSION = "2.0";
  private static final int MAX_COUNT = 50;
  private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(10_000_000);

  /// Of compute profiles in one placement.
  private static final int MAX_UNITS = 20;

  private final YamlNode.Fields file;
  private final Map<String, Integer> ips = new TreeMap<>();
  private final Set<String> usedIps = new HashSet<>();

  private SdlReader(YamlNode.Fields file) {
    this.file = file;
  }

  /// Reads a file.
  ///
  /// @throws SdlException naming the line and what is wrong there
  public static Sdl read(String text) {
    return read(YamlNode.read(text));
  }

  static Sdl read(YamlNode root) {
    YamlNode.Fields file =
        root.fields("version", "endpoints", "services", "profiles", "deployment");
    YamlNode version = file.require("version");
    if (!version.scalar().equals(VERSION)) {
      throw version.wrong("version \"" + VERSION + "\"");
    }
    return new SdlReader(file).sdl();
  }

  private Sdl sdl() {
    readEndpoints();
    YamlNode serviceNodes = file.require("services");
    Map<String, Sdl.Service> services = new TreeMap<>();
    serviceNodes
        .entries()
        .forEach((name, node) -> services.put(name, new ServiceReader(this, name, node).service()));
    if (services.isEmpty()) {
      throw serviceNodes.complaint("at least one service wanted");
    }
    YamlNode.Fields profiles = file.require("profiles").fields("compute", "placement");
    Map<String, Sdl.Compute> computes = new TreeMap<>();
    profiles
        .require("compute")
        .entries()
        .forEach((name, node) -> computes.put(name, ComputeReader.read(name, node)));
    SortedMap<String, Sdl.Placement> placements = new TreeMap<>();
    profiles
        .require("placement")
        .entries()
        .forEach((name, node) -> placements.put(name, placement(name, node)));
    List<Sdl.Rollout> rollouts = rollouts(services, computes, placements);
    requireCallersThatExist(serviceNodes, services);
    requireUsedEndpoints();
    return new Sdl(used(placements, rollouts), rollouts);
  }

  /// Names of leased addresses; the chain numbers them from 1 in the order of their names.
  private void readEndpoints() {
    SortedSet<String> names = new TreeSet<>();
    file.get("endpoints")
        .ifPresent(node ->
            node.entries()
                .forEach((name, endpoint) -> {
                  YamlNode kind = endpoint.fields("kind").require("kind");
                  if (!kind.scalar().equals("ip")) {
                    throw kind.wrong("kind: ip");
                  }
                  if (!NAME.matcher(name).matches()) {
                    throw endpoint.complaint(NAME_WANTED + " wanted");
                  }
                  names.add(name);
                }));
    names.forEach(name -> ips.put(name, ips.size() + 1));
  }

  /// The number of a leased address.
  int ip(YamlNode node) {
    Integer number = ips.get(node.text());
    if (number == null) {
      throw node.complaint("there is no endpoint '" + node.text() + "'; 'endpoints' lists them");
    }
    usedIps.add(node.text());
    return number;
  }

  private void requireUsedEndpoints() {
    for (String name : ips.keySet()) {
      if (!usedIps.contains(name)) {
        throw file.require("endpoints").complaint("no service uses the endpoint '" + name + "'");
      }
    }
  }

  private static Sdl.Placement placement(String name, YamlNode node) {
    if (!NAME.matcher(name).matches()) {
      throw node.complaint(NAME_WANTED + " wanted");
    }
    YamlNode.Fields fields = node.fields("attributes", "signedBy", "pricing");
    List<String> allOf = new ArrayList<>();
    List<String> anyOf = new ArrayList<>();
    fields
        .get("signedBy")
        .map(signedBy -> signedBy.fields("allOf", "anyOf"))
        .ifPresent(signedBy -> {
          signedBy.list("allOf").forEach(auditor -> allOf.add(address(auditor)));
          signedBy.list("anyOf").forEach(auditor -> anyOf.add(address(auditor)));
        });
    Map<String, Price> prices = new TreeMap<>();
    fields
        .require("pricing")
        .entries()
        .forEach((profile, price) -> prices.put(profile, price(price)));
    return new Sdl.Placement(
        name,
        fields.get("attributes").map(ComputeReader::attributes).orElseGet(TreeMap::new),
        allOf,
        anyOf,
        prices);
  }

  private static String address(YamlNode node) {
    try {
      return new Address(node.scalar()).text();
    } catch (IllegalArgumentException e) {
      throw node.complaint(String.valueOf(e.getMessage()));
    }
  }

  private static Price price(YamlNode node) {
    YamlNode.Fields fields = node.fields("denom", "amount");
    YamlNode denom = fields.require("denom");
    if (!denom.scalar().equals(Coin.UACT)) {
      throw denom.wrong("'uact', in which deployments are paid since 2026,");
    }
    YamlNode amount = fields.require("amount");
    BigDecimal value = amount.decimal();
    if (value.signum() <= 0 || value.compareTo(MAX_PRICE) > 0) {
      throw amount.wrong("a price a block above 0 and up to 10000000");
    }
    return new Price(Coin.UACT, value);
  }

  private List<Sdl.Rollout> rollouts(
      Map<String, Sdl.Service> services,
      Map<String, Sdl.Compute> computes,
      Map<String, Sdl.Placement> placements) {
    YamlNode deployment = file.require("deployment");
    Map<String, YamlNode> entries = deployment.entries();
    for (String service : services.keySet()) {
      if (!entries.containsKey(service)) {
        throw deployment.complaint("the service '" + service + "' is deployed nowhere");
      }
    }
    List<Sdl.Rollout> rollouts = new ArrayList<>();
    entries.forEach((name, targets) -> {
      Sdl.Service service = services.get(name);
      if (service == null) {
        throw targets.complaint("there is no service '" + name + "'");
      }
      targets
          .entries()
          .forEach((placement, target) ->
              rollouts.add(
                  rollout(service, placements.get(placement), placement, target, computes)));
    });
    if (rollouts.isEmpty()) {
      throw deployment.complaint("at least one placement wanted");
    }
    rollouts.sort(
        Comparator.comparing(Sdl.Rollout::placement)
            .thenComparing(rollout -> rollout.service().name()));
    requireFewUnits(deployment, rollouts);
    return List.copyOf(rollouts);
  }

  private static Sdl.Rollout rollout(
      Sdl.Service service,
      Sdl.@Nullable Placement placement,
      String placementName,
      YamlNode target,
      Map<String, Sdl.Compute> computes) {
    if (placement == null) {
      throw target.complaint("there is no placement '" + placementName + "'");
    }
    YamlNode.Fields fields = target.fields("profile", "count");
    YamlNode profile = fields.require("profile");
    Sdl.Compute compute = computes.get(profile.text());
    if (compute == null) {
      throw profile.complaint("there is no compute profile '" + profile.text() + "'");
    }
    if (!placement.prices().containsKey(profile.text())) {
      throw profile.complaint(
          "the placement '%s' has no price for '%s'".formatted(placementName, profile.text()));
    }
    requireVolumes(service, compute, target);
    return new Sdl.Rollout(
        placementName,
        service,
        profile.text(),
        compute,
        fields.require("count").integer(1, MAX_COUNT));
  }

  private static void requireVolumes(Sdl.Service service, Sdl.Compute compute, YamlNode target) {
    for (Sdl.Mount mount : service.mounts()) {
      if (compute.storage().stream().noneMatch(volume -> volume.name().equals(mount.volume()))) {
        throw target.complaint(
            "'%s' mounts the volume '%s', which its profile does not have"
                .formatted(service.name(), mount.volume()));
      }
    }
    for (Sdl.Volume volume : compute.storage()) {
      boolean persistent = "true".equals(volume.attributes().get("persistent"));
      boolean mounted =
          service.mounts().stream()
              .anyMatch(mount -> mount.volume().equals(volume.name()) && !mount.mount().isEmpty());
      if (persistent && !mounted) {
        throw target.complaint(
            "'%s' must mount the persistent volume '%s' (params.storage)"
                .formatted(service.name(), volume.name()));
      }
    }
  }

  private static void requireFewUnits(YamlNode deployment, List<Sdl.Rollout> rollouts) {
    Map<String, Set<String>> units = new TreeMap<>();
    for (Sdl.Rollout rollout : rollouts) {
      units.computeIfAbsent(rollout.placement(), _ -> new HashSet<>()).add(rollout.profile());
    }
    units.forEach((placement, profiles) -> {
      if (profiles.size() > MAX_UNITS) {
        throw deployment.complaint(
            "at most %d compute profiles at one placement wanted, found %d at '%s'"
                .formatted(MAX_UNITS, profiles.size(), placement));
      }
    });
  }

  private static void requireCallersThatExist(YamlNode node, Map<String, Sdl.Service> services) {
    for (Sdl.Service service : services.values()) {
      for (Sdl.Expose expose : service.exposes()) {
        if (!expose.service().isEmpty() && !services.containsKey(expose.service())) {
          throw node.complaint(
              "'%s' is open to the service '%s', which is not there"
                  .formatted(service.name(), expose.service()));
        }
      }
    }
  }

  private static SortedMap<String, Sdl.Placement> used(
      SortedMap<String, Sdl.Placement> placements, List<Sdl.Rollout> rollouts) {
    SortedMap<String, Sdl.Placement> used = new TreeMap<>(placements);
    used.keySet().retainAll(rollouts.stream().map(Sdl.Rollout::placement).toList());
    return used;
  }
}
