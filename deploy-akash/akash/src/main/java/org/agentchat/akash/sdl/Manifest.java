package org.agentchat.akash.sdl;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agentchat.akash.messages.Endpoint;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.wallet.Hashes;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// What the provider is told: everything of the SDL but money, as JSON with sorted keys, without
/// spaces, escaped as Go escapes it. The chain holds the SHA-256 of exactly these bytes.
///
/// @param groups what the chain is told
/// @param json what the provider is told
public record Manifest(List<GroupSpec> groups, String json) {
  public Manifest {
    groups = List.copyOf(groups);
  }

  /// The manifest of a deployment.
  public static Manifest of(Sdl sdl) {
    List<Object> groups = new ArrayList<>();
    for (String placement : sdl.placements().keySet()) {
      Map<String, Groups.Unit> units = Groups.units(placement, sdl);
      List<Object> services = new ArrayList<>();
      for (Sdl.Rollout rollout : sdl.rollouts()) {
        if (rollout.placement().equals(placement)) {
          services.add(service(rollout, Objects.requireNonNull(units.get(rollout.profile())).id()));
        }
      }
      groups.add(object("name", placement, "services", services));
    }
    return new Manifest(Groups.of(sdl), GoJson.text(groups));
  }

  /// The 32 bytes that the chain keeps.
  public ByteString hash() {
    return ByteString.copyFrom(Hashes.sha256(ByteString.copyFromUtf8(json).toByteArray()));
  }

  /// What must run at a placement: replicas by the service's name.
  ///
  /// @param gseq the number of its group, from 1
  public Map<String, Integer> replicas(int gseq) {
    Map<String, Integer> replicas = new TreeMap<>();
    for (JsonNode service : Json.parse(json).path(gseq - 1).path("services")) {
      replicas.put(service.path("name").asString(), service.path("count").intValue());
    }
    return replicas;
  }

  private static Object service(Sdl.Rollout rollout, int resourceId) {
    Sdl.Service service = rollout.service();
    Map<String, Object> json =
        object(
            "name", service.name(),
            "image", service.image(),
            "command", nullIfEmpty(service.command()),
            "args", nullIfEmpty(service.args()),
            "env", nullIfEmpty(service.env()),
            "resources", resources(rollout, resourceId),
            "count", rollout.count(),
            "expose", nullIfEmpty(service.exposes().stream().map(Manifest::expose).toList()),
            "credentials", service.credentials().map(Manifest::credentials).orElse(GoJson.NULL));
    if (!service.mounts().isEmpty()) {
      json.put(
          "params", object("storage", service.mounts().stream().map(Manifest::mount).toList()));
    }
    return json;
  }

  private static Object nullIfEmpty(List<?> list) {
    return list.isEmpty() ? GoJson.NULL : list;
  }

  private static Object credentials(Sdl.Credentials credentials) {
    return object(
        "host", credentials.host(),
        "email", credentials.email(),
        "username", credentials.username(),
        "password", credentials.password());
  }

  private static Object mount(Sdl.Mount mount) {
    return object("name", mount.volume(), "mount", mount.mount(), "readOnly", mount.readOnly());
  }

  private static Object expose(Sdl.Expose expose) {
    Sdl.HttpOptions http = expose.http();
    return object(
        "port", expose.port(),
        "externalPort", expose.externalPort(),
        "proto", expose.protocol().name(),
        "service", expose.service(),
        "global", expose.global(),
        "hosts", nullIfEmpty(expose.hosts()),
        "httpOptions",
            object(
                "maxBodySize", http.maxBodySize(),
                "readTimeout", http.readTimeout(),
                "sendTimeout", http.sendTimeout(),
                "nextTries", http.nextTries(),
                "nextTimeout", http.nextTimeout(),
                "nextCases", http.nextCases()),
        "ip", expose.ip(),
        "endpointSequenceNumber", expose.ipNumber());
  }

  private static Object resources(Sdl.Rollout rollout, int id) {
    Sdl.Compute compute = rollout.compute();
    Map<String, Object> cpu = object("units", value(compute.cpuMilli()));
    putAttributes(cpu, compute.cpuAttributes());
    Map<String, String> models = new TreeMap<>();
    compute.gpuModels().forEach(model -> models.put(model, "true"));
    Map<String, Object> gpu = object("units", value(compute.gpus()));
    putAttributes(gpu, models);
    return object(
        "id",
        id,
        "cpu",
        cpu,
        "gpu",
        gpu,
        "memory",
        object("size", value(compute.memory())),
        "storage",
        compute.storage().stream().map(Manifest::volume).toList(),
        "endpoints",
        Groups.endpoints(rollout.service()).stream().map(Manifest::endpoint).toList());
  }

  private static Object value(long amount) {
    return object("val", Long.toString(amount));
  }

  private static Object volume(Sdl.Volume volume) {
    Map<String, Object> json = object("name", volume.name(), "size", value(volume.size()));
    putAttributes(json, volume.attributes());
    return json;
  }

  private static void putAttributes(Map<String, Object> json, Map<String, String> attributes) {
    if (!attributes.isEmpty()) {
      json.put(
          "attributes",
          attributes.entrySet().stream()
              .map(entry -> object("key", entry.getKey(), "value", entry.getValue()))
              .toList());
    }
  }

  /// Go leaves out a kind that is 0, and never the number.
  private static Object endpoint(Endpoint endpoint) {
    Map<String, Object> json = object("sequence_number", endpoint.getSequenceNumber());
    if (endpoint.getKindValue() != 0) {
      json.put("kind", endpoint.getKindValue());
    }
    return json;
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /// It may hold passwords.
  @Override
  public String toString() {
    return "manifest of " + json.length() + " characters";
  }
}
