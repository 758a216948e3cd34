package org.agentchat.schemas.identity;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A key pair with its owner's chosen name: what `identity.json` holds. The only class that knows a
/// private key; it never prints it but in [#json()].
public final class Identity {
  private final String name;
  private final byte[] seed;
  private final AgentKey key;
  private final String created;
  private final List<JsonNode> rotations;

  private Identity(String name, byte[] seed, String created, List<JsonNode> rotations) {
    this.name = name;
    this.seed = seed;
    byte[] raw = new byte[AgentKey.BYTES];
    Ed25519.generatePublicKey(seed, 0, raw, 0);
    this.key = AgentKey.ofRaw(raw);
    this.created = created;
    this.rotations = List.copyOf(rotations);
  }

  /// A new key pair.
  ///
  /// @param name the display name, see the protocol's IDENTIFY
  /// @param created when, kept to the millisecond in UTC
  public static Identity generate(String name, SecureRandom random, Instant created) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return ofSeed(name, seed, created);
  }

  /// The key pair of a 32-byte seed (RFC 8032 section 5.1.5).
  public static Identity ofSeed(String name, byte[] seed, Instant created) {
    if (seed.length != Ed25519.SECRET_KEY_SIZE) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
    }
    String millis = Instant.ofEpochMilli(created.toEpochMilli()).toString();
    return new Identity(name, seed.clone(), millis, List.of());
  }

  /// Reads an identity file, also those of older tools (`pubkey`, `privkey`).
  ///
  /// @throws IllegalArgumentException saying what is wrong with the file; never quoting the key
  public static Identity ofJson(String json) {
    IdentityFile file = parse(json);
    if (file.privateKey() == null) {
      throw new IllegalArgumentException("the identity has no privateKey");
    }
    Identity identity =
        new Identity(
            file.name() == null ? "agent" : file.name(),
            Pem.decodePrivate(file.privateKey()),
            file.created() == null ? Instant.EPOCH.toString() : file.created(),
            file.rotations() == null ? List.of() : file.rotations());
    if (file.publicKey() != null && !AgentKey.ofPem(file.publicKey()).equals(identity.key)) {
      throw new IllegalArgumentException("publicKey does not belong to privateKey");
    }
    return identity;
  }

  private static IdentityFile parse(String json) {
    try {
      @Nullable IdentityFile file = Json.mapper().readValue(json, IdentityFile.class);
      if (file == null) {
        throw new IllegalArgumentException("not an identity file: null");
      }
      return file;
    } catch (JacksonException e) {
      // Without the cause: its text would quote the file, and with it the private key.
      throw new IllegalArgumentException(
          "not an identity file: JSON broken at " + e.getLocation().offsetDescription());
    }
  }

  /// The file's content, private key included, over several lines.
  public String json() {
    return Json.pretty(
        new IdentityFile(
            key.pem(),
            Pem.encodePrivate(seed),
            key.id().name(),
            name,
            created,
            rotations.isEmpty() ? null : rotations));
  }

  /// The display name.
  public String name() {
    return name;
  }

  /// The public key.
  public AgentKey key() {
    return key;
  }

  /// The short name.
  public AgentId id() {
    return key.id();
  }

  /// When the key was made, ISO 8601 in UTC.
  public String created() {
    return created;
  }

  /// Records of earlier keys, as they stand in the file, oldest first.
  public List<JsonNode> rotations() {
    return rotations;
  }

  /// A new key that follows this one, under the same name and with a record of it.
  ///
  /// @param at when, kept to the millisecond in UTC
  public Identity successor(SecureRandom random, Instant at) {
    byte[] next = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(next);
    Identity bare = new Identity(name, next, created, List.of());
    List<JsonNode> records = new ArrayList<>(rotations);
    records.add(KeyRecord.of(this, bare.key, at));
    return new Identity(name, next, created, records);
  }

  /// Signs the bytes (RFC 8032 section 5.1.6, no prehash).
  public Signature sign(byte[] message) {
    byte[] signature = new byte[Signature.BYTES];
    byte[] raw = key.raw();
    Ed25519.sign(seed, 0, raw, 0, null, message, 0, message.length, signature, 0);
    return Signature.ofRaw(signature);
  }

  /// The short name; never a key.
  @Override
  public String toString() {
    return key.id().toString();
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record IdentityFile(
      @JsonProperty("publicKey") @JsonAlias("pubkey") @Nullable String publicKey,
      @JsonProperty("privateKey") @JsonAlias("privkey") @Nullable String privateKey,
      @JsonProperty("agentId") @Nullable String agentId,
      @Nullable String name,
      @Nullable String created,
      @Nullable List<JsonNode> rotations) {}
}
