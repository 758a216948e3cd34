package org.agentchat.client;

import java.net.URI;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.LogOrigin;
import org.jspecify.annotations.Nullable;

/// Where a client connects and as whom. Start from [#of] and change what differs.
///
/// @param uri `ws://` or `wss://`, host, and what else the relay wants
/// @param name display name, 1 to 32 of `[a-zA-Z0-9_-]`
/// @param identity the key to prove; without one the agent is ephemeral and cannot sign
/// @param joinedOnly sign as existing clients do (`agentchat/1`), even where the relay takes more
/// @param since the last log index that the agent has, for the first connection: it is told what
///   came after. Null leaves it to what the agent acknowledged to the relay before
/// @param captcha answers what a relay asks before its welcome; null: such a relay is a refusal,
///   `CAPTCHA_REQUIRED`
/// @param tls how to trust a `wss` server; null: the platform's default
/// @param origin the name of the log that is wanted: a relay that names another, or none, is
///   refused as `WRONG_ORIGIN` before anything is signed for it; null: whatever log the relay has
public record ClientSettings(
    URI uri,
    String name,
    @Nullable Identity identity,
    Timeouts timeouts,
    ReconnectPolicy reconnect,
    boolean joinedOnly,
    @Nullable Long since,
    @Nullable CaptchaAnswer captcha,
    @Nullable SSLContext tls,
    @Nullable String origin) {

  /// As `since`: past everything, so that nothing is told again, and nothing counts as heard.
  public static final long NOTHING_AGAIN = (1L << 53) - 1;

  /// @throws IllegalArgumentException if the address, the name or the origin has another shape
  public ClientSettings {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("ws") || scheme.equals("wss")) || uri.getHost() == null) {
      throw new IllegalArgumentException("not a relay's address (ws://host:port): " + uri);
    }
    if (!ClientMessageCodec.isName(name)) {
      throw new IllegalArgumentException(
          "not a display name (1 to 32 letters, digits, hyphens, underscores): " + name);
    }
    if (origin != null && !LogOrigin.isValid(origin)) {
      throw new IllegalArgumentException(
          "log origin: " + LogOrigin.RULE + " wanted, found " + origin);
    }
  }

  /// An agent without a key, and the defaults.
  public static ClientSettings of(URI uri, String name) {
    return new ClientSettings(
        uri, name, null, Timeouts.DEFAULT, ReconnectPolicy.DEFAULT, false, null, null, null, null);
  }

  /// An agent with a key under the name in its identity, and the defaults.
  public static ClientSettings of(URI uri, Identity identity) {
    return of(uri, identity.name()).withIdentity(identity);
  }

  /// With a key to prove.
  public ClientSettings withIdentity(Identity proven) {
    return new ClientSettings(
        uri, name, proven, timeouts, reconnect, joinedOnly, since, captcha, tls, origin);
  }

  /// With other time-outs.
  public ClientSettings withTimeouts(Timeouts other) {
    return new ClientSettings(
        uri, name, identity, other, reconnect, joinedOnly, since, captcha, tls, origin);
  }

  /// With other patience.
  public ClientSettings withReconnect(ReconnectPolicy other) {
    return new ClientSettings(
        uri, name, identity, timeouts, other, joinedOnly, since, captcha, tls, origin);
  }

  /// With `agentchat/1` signatures only.
  public ClientSettings withJoinedOnly() {
    return new ClientSettings(
        uri, name, identity, timeouts, reconnect, true, since, captcha, tls, origin);
  }

  /// With trust of its own for `wss`.
  public ClientSettings withTls(SSLContext trust) {
    return new ClientSettings(
        uri, name, identity, timeouts, reconnect, joinedOnly, since, captcha, trust, origin);
  }

  /// With the log that is wanted, and no other.
  public ClientSettings withOrigin(String wanted) {
    return new ClientSettings(
        uri, name, identity, timeouts, reconnect, joinedOnly, since, captcha, tls, wanted);
  }

  /// With an answer to a captcha, within the connect time-out.
  public ClientSettings withCaptcha(CaptchaAnswer answer) {
    return new ClientSettings(
        uri, name, identity, timeouts, reconnect, joinedOnly, since, answer, tls, origin);
  }

  /// Told what came after a log index, -1 for everything.
  public ClientSettings withSince(long index) {
    return new ClientSettings(
        uri, name, identity, timeouts, reconnect, joinedOnly, index, captcha, tls, origin);
  }
}
