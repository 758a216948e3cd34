package org.agentchat.akash.sdl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads one entry of `profiles.compute`, within the chain's limits.
final class ComputeReader {
  private static final long MIN_CPU_MILLI = 10;
  private static final long MAX_CPU_MILLI = 384_000;
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long TEBIBYTE = MEBIBYTE * MEBIBYTE;
  private static final long MIN_MEMORY = MEBIBYTE;
  private static final long MAX_MEMORY = 2 * TEBIBYTE;
  private static final long MIN_STORAGE = 5 * MEBIBYTE;
  private static final long MAX_STORAGE = 32 * TEBIBYTE;
  private static final int MAX_GPUS = 24;

  private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9/_.*-]{0,126}");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");
  private static final Set<String> INTERFACES = Set.of("pcie", "sxm");
  private static final String DEFAULT_VOLUME = "default";
  private static final String PERSISTENT = "persistent";
  private static final String CLASS = "class";
  private static final String RAM = "ram";

  private ComputeReader() {}

  static Sdl.Compute read(String name, YamlNode node) {
    if (!SdlReader.NAME.matcher(name).matches()) {
      throw node.complaint(SdlReader.NAME_WANTED + " wanted");
    }
    YamlNode.Fields resources =
        node.fields("resources").require("resources").fields("cpu", "memory", "storage", "gpu");
    YamlNode.Fields cpu = resources.require("cpu").fields("units", "attributes");
    YamlNode.Fields memory = resources.require("memory").fields("size");
    SortedSet<String> models = new TreeSet<>();
    int gpus = resources.get("gpu").map(gpu -> gpus(gpu, models)).orElse(0);
    return new Sdl.Compute(
        Quantities.cpuMilli(cpu.require("units"), MIN_CPU_MILLI, MAX_CPU_MILLI),
        cpu.get("attributes").map(ComputeReader::attributes).orElseGet(TreeMap::new),
        Quantities.bytes(memory.require("size"), MIN_MEMORY, MAX_MEMORY),
        storage(resources.require("storage")),
        gpus,
        List.copyOf(models));
  }

  /// Free keys with values of any kind, in the order of their keys.
  static SortedMap<String, String> attributes(YamlNode node) {
    SortedMap<String, String> attributes = new TreeMap<>();
    node.entries()
        .forEach((key, value) -> {
          if (!KEY.matcher(key).matches()) {
            throw value.complaint("there can be no attribute of that name");
          }
          attributes.put(key, value.text());
        });
    return attributes;
  }

  private static List<Sdl.Volume> storage(YamlNode node) {
    List<YamlNode> entries = node.isList() ? node.list() : List.of(node);
    List<Sdl.Volume> volumes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlNode entry : entries) {
      Sdl.Volume volume = volume(entry);
      if (!names.add(volume.name())) {
        throw entry.complaint("a second volume '" + volume.name() + "'");
      }
      volumes.add(volume);
    }
    if (volumes.isEmpty()) {
      throw node.complaint("at least one volume wanted");
    }
    return List.copyOf(volumes);
  }

  private static Sdl.Volume volume(YamlNode node) {
    YamlNode.Fields fields = node.fields("name", "size", "attributes");
    SortedMap<String, String> attributes = new TreeMap<>();
    fields.get("attributes").ifPresent(given -> attributes.putAll(volumeAttributes(given)));
    return new Sdl.Volume(
        fields
            .get("name")
            .map(name -> name.matching(SdlReader.NAME, SdlReader.NAME_WANTED))
            .orElse(DEFAULT_VOLUME),
        Quantities.bytes(fields.require("size"), MIN_STORAGE, MAX_STORAGE),
        attributes);
  }

  private static SortedMap<String, String> volumeAttributes(YamlNode node) {
    YamlNode.Fields fields = node.fields(PERSISTENT, CLASS);
    SortedMap<String, String> attributes = attributes(node);
    boolean persistent = fields.get(PERSISTENT).map(YamlNode::bool).orElse(false);
    boolean ram = RAM.equals(attributes.get(CLASS));
    if (persistent && ram) {
      throw node.complaint("a volume in memory (class: ram) cannot be persistent");
    }
    if (persistent && !attributes.containsKey(CLASS)) {
      throw node.complaint("a persistent volume needs a class, such as beta3");
    }
    if (!persistent && !ram && attributes.containsKey(CLASS)) {
      throw node.complaint("a class other than ram is for persistent volumes");
    }
    if (ram) {
      attributes.put(PERSISTENT, "false");
    }
    return attributes;
  }

  private static int gpus(YamlNode node, SortedSet<String> models) {
    YamlNode.Fields fields = node.fields("units", "attributes");
    int units = fields.require("units").integer(0, MAX_GPUS);
    if (units == 0 && fields.get("attributes").isPresent()) {
      throw node.complaint("attributes of no GPU");
    }
    if (units > 0) {
      fields
          .require("attributes")
          .fields("vendor")
          .require("vendor")
          .entries()
          .forEach((vendor, list) -> addModels(vendor, list, models));
      if (models.isEmpty()) {
        throw node.complaint("a vendor wanted");
      }
    }
    return units;
  }

  private static void addModels(String vendor, YamlNode node, SortedSet<String> models) {
    if (!WORD.matcher(vendor).matches()) {
      throw node.complaint("there is no vendor of that name");
    }
    String prefix = "vendor/" + vendor + "/model/";
    if (!node.isList()) {
      if (!node.isNull()) {
        throw node.wrong("a list of models, or nothing for any,");
      }
      models.add(prefix + "*");
      return;
    }
    for (YamlNode entry : node.list()) {
      YamlNode.Fields fields = entry.fields("model", "ram", "interface");
      StringBuilder key =
          new StringBuilder(prefix).append(fields.require("model").matching(WORD, "a model"));
      fields
          .get("ram")
          .ifPresent(ram -> key.append("/ram/").append(ram.matching(WORD, "a size such as 80Gi")));
      fields
          .get("interface")
          .ifPresent(kind -> {
            if (!INTERFACES.contains(kind.scalar())) {
              throw kind.wrong("pcie or sxm");
            }
            key.append("/interface/").append(kind.scalar());
          });
      models.add(key.toString());
    }
  }
}
