package org.agentchat.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// The published vectors beside this package's tests; their README says whose they are.
final class Vectors {
  private Vectors() {}

  /// What we say of a vector.
  enum Verdict {
    PROVED,
    NOT_PROVED,
    /// A part of it cannot be one: it never became a proof.
    MALFORMED
  }

  /// @param json one line of `inclusion.jsonl`
  record Inclusion(JsonNode json) {
    boolean valid() {
      return !json.path("wantErr").booleanValue();
    }

    Verdict verdict(Function<String, TreeHash> reader) {
      return decide(
          () -> proof(reader).proves(reader.apply(text("leafHash")), reader.apply(text("root"))));
    }

    InclusionProof proof(Function<String, TreeHash> reader) {
      return new InclusionProof(number("leafIdx"), number("treeSize"), path(json, reader));
    }

    /// Whether all parts can be what they say.
    boolean wellFormed() {
      boolean inside = Long.compareUnsigned(number("leafIdx"), number("treeSize")) < 0;
      return inside && Stream.concat(texts(json), both("root", "leafHash")).allMatch(Vectors::is32);
    }

    TreeHash leaf() {
      return hash(text("leafHash"));
    }

    TreeHash root() {
      return hash(text("root"));
    }

    private Stream<String> both(String one, String other) {
      return Stream.of(text(one), text(other));
    }

    private String text(String name) {
      return json.path(name).stringValue();
    }

    private long number(String name) {
      return unsigned(json, name);
    }

    @Override
    public String toString() {
      return text("name");
    }
  }

  /// @param json one line of `consistency.jsonl`
  record Consistency(JsonNode json) {
    boolean valid() {
      return !json.path("wantErr").booleanValue();
    }

    Verdict verdict(Function<String, TreeHash> reader) {
      return decide(
          () -> proof(reader).proves(reader.apply(text("root1")), reader.apply(text("root2"))));
    }

    ConsistencyProof proof(Function<String, TreeHash> reader) {
      return new ConsistencyProof(
          unsigned(json, "size1"), unsigned(json, "size2"), path(json, reader));
    }

    /// Whether all parts can be what they say.
    boolean wellFormed() {
      boolean grows = Long.compareUnsigned(unsigned(json, "size1"), unsigned(json, "size2")) <= 0;
      Stream<String> roots = Stream.of(text("root1"), text("root2"));
      return grows && Stream.concat(texts(json), roots).allMatch(Vectors::is32);
    }

    TreeHash before() {
      return hash(text("root1"));
    }

    TreeHash after() {
      return hash(text("root2"));
    }

    private String text(String name) {
      return json.path(name).stringValue();
    }

    @Override
    public String toString() {
      return text("name");
    }
  }

  /// The tree of eight leaves.
  ///
  /// @param json the whole of `reference.json`
  record Reference(JsonNode json) {
    List<TreeHash> leaves() {
      return strings("leaves").map(hex -> TreeHash.ofLeaf(HexFormat.of().parseHex(hex))).toList();
    }

    /// Of the sizes 1 to 8.
    List<TreeHash> roots() {
      return strings("roots").map(Reference::hex).toList();
    }

    List<InclusionProof> inclusion() {
      return json.path("inclusion")
          .valueStream()
          .map(known ->
              new InclusionProof(
                  known.path("leaf").longValue() - 1, known.path("size").longValue(), hexes(known)))
          .toList();
    }

    List<ConsistencyProof> consistency() {
      return json.path("consistency")
          .valueStream()
          .map(known ->
              new ConsistencyProof(
                  known.path("from").longValue(), known.path("to").longValue(), hexes(known)))
          .toList();
    }

    private Stream<String> strings(String name) {
      return json.path(name).valueStream().map(JsonNode::stringValue);
    }

    private static List<TreeHash> hexes(JsonNode known) {
      return known.path("path").valueStream().map(node -> hex(node.stringValue())).toList();
    }

    private static TreeHash hex(String text) {
      return TreeHash.of(HexFormat.of().parseHex(text));
    }
  }

  static List<Inclusion> inclusion() {
    return lines("inclusion.jsonl").map(Inclusion::new).toList();
  }

  static List<Consistency> consistency() {
    return lines("consistency.jsonl").map(Consistency::new).toList();
  }

  static Reference reference() {
    return new Reference(Json.parse(read("reference.json")));
  }

  /// A hash as we read one from outside.
  static TreeHash hash(String base64) {
    return TreeHash.of(Base64.getDecoder().decode(base64));
  }

  private static Stream<JsonNode> lines(String file) {
    return read(file).lines().map(Json::parse);
  }

  private static String read(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  /// Nothing but an [IllegalArgumentException] may come out of a wrong vector.
  private static Verdict decide(BooleanSupplier proves) {
    try {
      return proves.getAsBoolean() ? Verdict.PROVED : Verdict.NOT_PROVED;
    } catch (IllegalArgumentException _) {
      return Verdict.MALFORMED;
    }
  }

  private static List<TreeHash> path(JsonNode json, Function<String, TreeHash> reader) {
    return texts(json).map(reader).toList();
  }

  /// An empty path is also written as null.
  private static Stream<String> texts(JsonNode json) {
    return Optional.of(json.path("proof")).filter(JsonNode::isArray).stream()
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::stringValue);
  }

  private static boolean is32(String base64) {
    return Base64.getDecoder().decode(base64).length == TreeHash.BYTES;
  }

  /// The 64 bits of an unsigned number.
  private static long unsigned(JsonNode json, String name) {
    return json.path(name).bigIntegerValue().longValue();
  }
}
