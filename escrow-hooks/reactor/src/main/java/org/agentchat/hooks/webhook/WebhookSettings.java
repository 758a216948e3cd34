package org.agentchat.hooks.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import okhttp3.HttpUrl;
import org.agentchat.hooks.NoticeFilter;
import org.agentchat.hooks.RetrySchedule;

/// How one webhook is delivered.
///
/// @param hook the hook's name
/// @param filter what it is told of
/// @param url where to; never shown whole, for there are services that put a secret into it
/// @param keys each signs every delivery, so that a receiver can change its secret
/// @param timeout for a whole attempt, from the first look-up to the last byte of the answer
/// @param allowPrivate whether the target may be in a private network or on this machine
/// @param retries what comes after a failure
/// @param retention for how long a delivery is remembered that is done
/// @param trust whom to trust instead of the certificate authorities of this Java platform
public record WebhookSettings(
    String hook,
    NoticeFilter filter,
    HttpUrl url,
    List<SigningKey> keys,
    Duration timeout,
    boolean allowPrivate,
    RetrySchedule retries,
    Duration retention,
    Optional<X509TrustManager> trust) {
  /// Most keys at the same time.
  public static final int MAX_KEYS = 5;

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there is no key, or there are too many
  public WebhookSettings {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "1 to %d keys wanted, found %d".formatted(MAX_KEYS, keys.size()));
    }
  }

  /// Where deliveries go, as far as it may be shown: scheme, host and port.
  public String target() {
    return url.scheme() + "://" + url.host() + (isUsualPort() ? "" : ":" + url.port());
  }

  private boolean isUsualPort() {
    return url.port() == HttpUrl.defaultPort(url.scheme());
  }
}
