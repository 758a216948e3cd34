package org.agentchat.relay;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.AdminKey;

/// Who may come in, who may speak, and who decides it (protocol.md sections 4 to 6 and 17).
///
/// @param folder where the allowlist, the bans and the first sights of keys are kept, one file
///   each; made when it is missing. Absent (default): in memory, until the relay stops
/// @param allowlist whether there is an allowlist, and whether only its agents may come in; default
///   off
/// @param admins who may moderate; default nobody
/// @param genesis an agent that is verified from the start; default none
/// @param lurk how long a new identity only listens; agents without a key then listen for ever.
///   Absent (default): nobody waits
/// @param captcha a question before the welcome; default none
/// @param network whom the relay believes about addresses and pages
/// @param audit where acts are written down; default nowhere
public record AccessRules(
    Optional<Path> folder,
    Allowlisting allowlist,
    Admins admins,
    Optional<AgentId> genesis,
    Optional<Duration> lurk,
    Optional<CaptchaRules> captcha,
    Network network,
    Optional<AuditFile> audit) {

  /// What the allowlist does.
  public enum Allowlisting {
    /// There is none.
    OFF,
    /// Everybody may come in; those on the list are verified.
    OPEN,
    /// Only those on the list may come in.
    STRICT
  }

  /// Who may moderate. Whoever knows a key may do what it is for; an agent named here may do
  /// everything on a connection that proved its key, and needs no shared secret.
  ///
  /// @param moderation the key for the allowlist, kicks and bans
  /// @param operation the key for the message of the day, ADMIN_VERIFY and `/api/connections`
  /// @param agents agents named by the id of their key
  /// @param keys agents named by their key
  public record Admins(
      Optional<AdminKey> moderation,
      Optional<AdminKey> operation,
      Set<AgentId> agents,
      Set<AgentKey> keys) {
    /// Nobody.
    public static final Admins NONE =
        new Admins(Optional.empty(), Optional.empty(), Set.of(), Set.of());

    /// Copies the sets.
    public Admins {
      agents = Set.copyOf(agents);
      keys = Set.copyOf(keys);
    }
  }

  /// Whom the relay believes.
  ///
  /// @param proxies addresses whose `X-Forwarded-For` names the real client; default none, so that
  ///   nobody can make up its address
  /// @param origins web pages (`https://example.com`) whose scripts may connect, `*` for all. Pages
  ///   of this machine always may, and so may whoever sends no `Origin`: only browsers do, and only
  ///   they can be made to connect by a page that their user happens to visit
  public record Network(Set<InetAddress> proxies, Set<String> origins) {
    /// Copies the sets.
    public Network {
      proxies = Set.copyOf(proxies);
      origins = Set.copyOf(origins);
    }
  }

  /// Where acts are written down, one JSON object a line.
  ///
  /// @param maxBytes size at which the file is put aside as `<name>.1` and a new one is begun; the
  ///   four youngest are kept, so that five times this is used at the most
  public record AuditFile(Path path, long maxBytes) {
    /// 16 MiB: some hundred thousand acts.
    public static final long DEFAULT_MAX_BYTES = 16L * 1024 * 1024;

    /// @throws IllegalArgumentException if the size is less than 4 KiB, a few lines
    public AuditFile {
      if (maxBytes < 4_096) {
        throw new IllegalArgumentException(
            "size of the audit log: at least 4096 bytes wanted, found " + maxBytes);
      }
    }

    /// The file, with the default size.
    public static AuditFile at(Path path) {
      return new AuditFile(path, DEFAULT_MAX_BYTES);
    }
  }

  /// Everybody may come in and speak; nobody moderates.
  public static AccessRules defaults() {
    return new AccessRules(
        Optional.empty(),
        Allowlisting.OFF,
        Admins.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Network(Set.of(), Set.of()),
        Optional.empty());
  }

  /// @throws IllegalArgumentException if the time to lurk is not positive
  public AccessRules {
    lurk.ifPresent(time -> {
      if (!time.isPositive()) {
        throw new IllegalArgumentException("time to lurk: more than 0 wanted, found " + time);
      }
    });
  }

  /// The same, with files in a folder that exists.
  public AccessRules in(Path home) {
    return new AccessRules(
        Optional.of(home), allowlist, admins, genesis, lurk, captcha, network, audit);
  }

  /// The same with another use of the allowlist.
  public AccessRules with(Allowlisting mode) {
    return new AccessRules(folder, mode, admins, genesis, lurk, captcha, network, audit);
  }

  /// The same with other admins.
  public AccessRules with(Admins some) {
    return new AccessRules(folder, allowlist, some, genesis, lurk, captcha, network, audit);
  }

  /// The same with an agent that is verified from the start.
  public AccessRules withGenesis(AgentId agent) {
    return new AccessRules(
        folder, allowlist, admins, Optional.of(agent), lurk, captcha, network, audit);
  }

  /// The same with a wait for new identities.
  public AccessRules withLurk(Duration time) {
    return new AccessRules(
        folder, allowlist, admins, genesis, Optional.of(time), captcha, network, audit);
  }

  /// The same with a question before the welcome.
  public AccessRules with(CaptchaRules questions) {
    return new AccessRules(
        folder, allowlist, admins, genesis, lurk, Optional.of(questions), network, audit);
  }

  /// The same with other beliefs about addresses and pages.
  public AccessRules with(Network other) {
    return new AccessRules(folder, allowlist, admins, genesis, lurk, captcha, other, audit);
  }

  /// The same with an audit log.
  public AccessRules with(AuditFile file) {
    return new AccessRules(
        folder, allowlist, admins, genesis, lurk, captcha, network, Optional.of(file));
  }
}
