package org.agentchat.akash.sdl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads one entry of `services`.
final class ServiceReader {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_BODY_BYTES = 100 * 1024 * 1024;
  private static final int MAX_TIMEOUT_MS = 60_000;
  private static final int MAX_TRIES = 16;

  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][^\\s]{0,254}");
  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?");
  private static final Pattern VARIABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*(=.*)?", Pattern.DOTALL);
  private static final Pattern MOUNT = Pattern.compile("/[^\\s:]*");
  private static final Set<String> NEXT_CASES =
      Set.of("error", "timeout", "500", "502", "503", "504", "403", "404", "429", "off");

  private static final Sdl.HttpOptions DEFAULTS =
      new Sdl.HttpOptions(
          1024 * 1024, MAX_TIMEOUT_MS, MAX_TIMEOUT_MS, 3, 0, List.of("error", "timeout"));

  private final SdlReader sdl;
  private final String name;
  private final YamlNode node;

  ServiceReader(SdlReader sdl, String name, YamlNode node) {
    this.sdl = sdl;
    this.name = name;
    this.node = node;
  }

  Sdl.Service service() {
    if (!SdlReader.NAME.matcher(name).matches()) {
      throw node.complaint(SdlReader.NAME_WANTED + " wanted");
    }
    YamlNode.Fields fields =
        node.fields("image", "command", "args", "env", "expose", "params", "credentials");
    List<Sdl.Expose> exposes = new ArrayList<>();
    for (YamlNode expose : fields.list("expose")) {
      addExposes(expose, exposes);
    }
    exposes.sort(
        Comparator.comparing(Sdl.Expose::service)
            .thenComparing(Sdl.Expose::port)
            .thenComparing(Sdl.Expose::protocol)
            .thenComparing(Sdl.Expose::global, Comparator.reverseOrder()));
    return new Sdl.Service(
        name,
        fields.require("image").matching(IMAGE, "an image such as registry.example.com/name:1.0"),
        fields.list("command").stream().map(YamlNode::scalar).toList(),
        fields.list("args").stream().map(YamlNode::scalar).toList(),
        fields.list("env").stream()
            .map(entry -> entry.matching(VARIABLE, "a variable NAME=value"))
            .toList(),
        List.copyOf(exposes),
        fields.get("params").map(this::mounts).orElse(List.of()),
        fields.get("credentials").map(ServiceReader::credentials));
  }

  private void addExposes(YamlNode expose, List<Sdl.Expose> exposes) {
    YamlNode.Fields fields = expose.fields("port", "as", "proto", "accept", "to", "http_options");
    int port = fields.require("port").integer(1, MAX_PORT);
    int externalPort = fields.get("as").map(as -> as.integer(1, MAX_PORT)).orElse(0);
    Sdl.Protocol protocol =
        fields.get("proto").map(ServiceReader::protocol).orElse(Sdl.Protocol.TCP);
    List<String> hosts =
        fields.list("accept").stream().map(host -> host.matching(HOST, "a host name")).toList();
    Sdl.HttpOptions http =
        fields.get("http_options").map(ServiceReader::httpOptions).orElse(DEFAULTS);
    List<YamlNode> callers = fields.require("to").list();
    if (callers.isEmpty()) {
      throw fields.require("to").complaint("at least one caller wanted");
    }
    for (YamlNode caller : callers) {
      YamlNode.Fields to = caller.fields("service", "global", "ip");
      boolean global = to.get("global").map(YamlNode::bool).orElse(false);
      Optional<YamlNode> ip = to.get("ip");
      if (ip.isPresent() && !global) {
        throw caller.complaint("a port on a leased address must be global: true");
      }
      if (!global && to.get("service").isEmpty()) {
        throw caller.complaint("'global: true' or a service wanted");
      }
      exposes.add(
          new Sdl.Expose(
              port,
              externalPort,
              protocol,
              hosts,
              to.get("service").map(YamlNode::text).orElse(""),
              global,
              ip.map(YamlNode::text).orElse(""),
              ip.map(sdl::ip).orElse(0),
              http));
    }
  }

  private static Sdl.Protocol protocol(YamlNode node) {
    return switch (node.scalar().toUpperCase(Locale.ROOT)) {
      case "TCP" -> Sdl.Protocol.TCP;
      case "UDP" -> Sdl.Protocol.UDP;
      default -> throw node.wrong("tcp or udp");
    };
  }

  private static Sdl.HttpOptions httpOptions(YamlNode node) {
    YamlNode.Fields fields =
        node.fields(
            "max_body_size",
            "read_timeout",
            "send_timeout",
            "next_tries",
            "next_timeout",
            "next_cases");
    List<String> cases =
        fields.list("next_cases").stream()
            .map(entry -> {
              if (!NEXT_CASES.contains(entry.scalar())) {
                throw entry.wrong("one of error, timeout, off and a status such as 502");
              }
              return entry.scalar();
            })
            .toList();
    return new Sdl.HttpOptions(
        number(fields, "max_body_size", MAX_BODY_BYTES, DEFAULTS.maxBodySize()),
        number(fields, "read_timeout", MAX_TIMEOUT_MS, DEFAULTS.readTimeout()),
        number(fields, "send_timeout", MAX_TIMEOUT_MS, DEFAULTS.sendTimeout()),
        number(fields, "next_tries", MAX_TRIES, DEFAULTS.nextTries()),
        number(fields, "next_timeout", MAX_TIMEOUT_MS, DEFAULTS.nextTimeout()),
        cases.isEmpty() ? DEFAULTS.nextCases() : cases);
  }

  private static int number(YamlNode.Fields fields, String key, int max, int otherwise) {
    return fields.get(key).map(value -> value.integer(1, max)).orElse(otherwise);
  }

  private List<Sdl.Mount> mounts(YamlNode params) {
    YamlNode storage = params.fields("storage").require("storage");
    List<Sdl.Mount> mounts = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    storage
        .entries()
        .forEach((volume, entry) -> {
          YamlNode.Fields fields = entry.fields("mount", "readOnly");
          YamlNode mount = fields.require("mount");
          if (!paths.add(mount.matching(MOUNT, "a path that begins with '/'"))) {
            throw mount.complaint("another volume of '" + name + "' is mounted there");
          }
          mounts.add(
              new Sdl.Mount(
                  volume,
                  mount.scalar(),
                  fields.get("readOnly").map(YamlNode::bool).orElse(false)));
        });
    return List.copyOf(mounts);
  }

  private static Sdl.Credentials credentials(YamlNode node) {
    YamlNode.Fields fields = node.fields("host", "email", "username", "password");
    return new Sdl.Credentials(
        fields.require("host").text(),
        fields.get("email").map(YamlNode::text).orElse(""),
        fields.require("username").text(),
        fields.require("password").text());
  }
}
