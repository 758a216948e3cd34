package org.agentchat.hooks.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.HttpUrl;
import org.agentchat.hooks.Secret;
import org.agentchat.hooks.webhook.SigningKey;
import org.agentchat.hooks.webhook.WebhookSettings;

/// Reads the section `webhook` of a hook.
final class WebhookReader {
  private static final List<String> KEYS =
      List.of("url", "secrets", "timeout", "allow-private", "ca-file");

  private static final String URL = "an https address without user, password and fragment,";
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
  private static final int MAX_URL_CHARS = 2_048;

  private WebhookReader() {}

  /// @throws HooksFileException saying what cannot be
  static WebhookSettings read(Section hook, HookReader common) {
    Section section = hook.requiredSection("webhook", KEYS);
    boolean allowPrivate = section.truth("allow-private", false);
    return new WebhookSettings(
        common.name(),
        common.filter(),
        url(section, allowPrivate),
        keys(section),
        section.duration("timeout", SHORTEST, LONGEST, DEFAULT_TIMEOUT),
        allowPrivate,
        common.retries(),
        common.retention(),
        section.path("ca-file", "the path of a file").map(file -> trust(section, file)));
  }

  private static HttpUrl url(Section section, boolean allowPrivate) {
    String text =
        section
            .textOrSecret("url", URL)
            .map(Secret::reveal)
            .orElseThrow(() -> section.wrong("url", URL));
    HttpUrl url = text.length() > MAX_URL_CHARS ? null : HttpUrl.parse(text);
    if (url == null
        || !url.username().isEmpty()
        || !url.password().isEmpty()
        || url.fragment() != null) {
      throw section.wrongSecret("url", URL);
    }
    if (!url.isHttps() && !allowPrivate) {
      throw section.wrongSecret(
          "url", "an https address, or 'allow-private: true' for one in a network of your own,");
    }
    return url;
  }

  private static List<SigningKey> keys(Section section) {
    List<Secret> secrets = section.secrets("secrets");
    if (secrets.isEmpty() || secrets.size() > WebhookSettings.MAX_KEYS) {
      throw section.wrong(
          "secrets", "1 to %d secrets to sign with".formatted(WebhookSettings.MAX_KEYS));
    }
    List<SigningKey> keys = new ArrayList<>();
    for (Secret secret : secrets) {
      try {
        keys.add(SigningKey.of(secret.reveal()));
      } catch (IllegalArgumentException e) {
        throw section.wrongSecret("secrets", secret.source() + ": " + SigningKey.RULE);
      }
    }
    return keys;
  }

  private static X509TrustManager trust(Section section, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      if (number == 0) {
        throw section.wrong("ca-file", "a file with certificates (PEM)");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      Optional<X509TrustManager> found =
          Arrays.stream(factory.getTrustManagers())
              .filter(X509TrustManager.class::isInstance)
              .map(X509TrustManager.class::cast)
              .findFirst();
      return found.orElseThrow(
          () -> new IllegalStateException("every Java platform verifies X.509 certificates"));
    } catch (IOException | GeneralSecurityException e) {
      throw section.wrong("ca-file", "a file with certificates (PEM), readable");
    }
  }
}
