package org.agentchat.hooks.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.HttpUrl;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.NoticeFilter;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deliveries to targets on this machine: good ones, slow ones, broken ones and hostile ones.
@Timeout(120)
final class WebhookHandlerIT {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String PAYLOAD = "{\"event\":\"receipt:issued\",\"task\":\"\u2603\"}";
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(60);

  /// Where names lead that are not asked for.
  private static final Resolver.Lookup HERE =
      _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};

  @TempDir Path folder;

  private static Intent intent(int attempts) {
    return new Intent(
        7, "a", "msg_0123", "prop_1", "receipt:issued", PAYLOAD, 3, Instant.EPOCH, attempts);
  }

  private static WebhookSettings settings(String url, Duration timeout, boolean allowPrivate) {
    return new WebhookSettings(
        "a",
        NoticeFilter.ALL,
        HttpUrl.get(url),
        List.of(SigningKey.of(SECRET)),
        timeout,
        allowPrivate,
        RetrySchedule.DEFAULT,
        Duration.ofDays(1),
        Optional.empty());
  }

  private static WebhookHandler handler(WebhookSettings settings, Resolver.Lookup lookup) {
    return new WebhookHandler(settings, InstantSource.system(), lookup);
  }

  private static Outcome deliver(Target target, Duration timeout) throws InterruptedException {
    String url = "http://target.example:%d/hook?q=1".formatted(target.port());
    return handler(settings(url, timeout, true), HERE).attempt(intent(0));
  }

  private static Instant retryAt(Outcome outcome) {
    return ((Outcome.Retry) outcome).at();
  }

  @Test
  void deliveryIsAsStandardWebhooksSaysAndItsLibraryAcceptsIt() throws InterruptedException {
    try (Target target = Target.answering(Target.status(204))) {
      Outcome outcome = deliver(target, LONG);
      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      assertThat(outcome.note())
          .startsWith("HTTP 204 from http://target.example:" + target.port())
          .doesNotContain("q=1");
      Target.Request request = target.requests().getFirst();
      assertThat(request.line()).isEqualTo("POST /hook?q=1 HTTP/1.1");
      assertThat(request.headers())
          .containsEntry("host", "target.example:" + target.port())
          .containsEntry("webhook-id", "msg_0123")
          .containsEntry("accept-encoding", "identity")
          .doesNotContainKeys("cookie", "authorization");
      assertThat(request.headers().get("content-type")).startsWith("application/json");
      assertThat(request.body()).isEqualTo(PAYLOAD);
      HttpHeaders headers =
          HttpHeaders.of(
              request.headers().entrySet().stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
              (_, _) -> true);
      assertThatCode(() -> new Webhook(SECRET).verify(request.body(), headers))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyKeySigns() throws InterruptedException {
    try (Target target = Target.answering(Target.status(200))) {
      String url = "http://target.example:" + target.port();
      WebhookSettings one = settings(url, LONG, true);
      WebhookSettings two =
          new WebhookSettings(
              "a",
              NoticeFilter.ALL,
              one.url(),
              List.of(SigningKey.of(SECRET), SigningKey.of("whsec_" + "b".repeat(40))),
              LONG,
              true,
              RetrySchedule.DEFAULT,
              LONG,
              Optional.empty());
      assertThat(handler(two, HERE).attempt(intent(0))).isInstanceOf(Outcome.Done.class);
      assertThat(target.requests().getFirst().headers().get("webhook-signature"))
          .matches("v1,[^ ]+ v1,[^ ]+");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 409, 418, 429, 500, 502, 503})
  void everythingButSuccessIsTriedAgain(int status) throws InterruptedException {
    try (Target target = Target.answering(Target.status(status))) {
      Outcome outcome = deliver(target, LONG);
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
      assertThat(outcome.note()).startsWith("HTTP " + status);
    }
  }

  @Test
  void lastAttemptEndsAmongTheDeadLetters() throws InterruptedException {
    try (Target target = Target.answering(Target.status(500))) {
      String url = "http://target.example:" + target.port();
      assertThat(handler(settings(url, LONG, true), HERE).attempt(intent(5)))
          .isInstanceOf(Outcome.Dead.class);
    }
  }

  @Test
  void goneDisablesTheHook() throws InterruptedException {
    try (Target target = Target.answering(Target.status(410))) {
      assertThat(deliver(target, LONG)).isInstanceOf(Outcome.Disabled.class);
    }
  }

  @Test
  void retryAfterIsHonouredWithinBounds() throws InterruptedException {
    try (Target target = Target.answering(Target.status(429, "retry-after: 900"))) {
      Instant before = Instant.now();
      assertThat(retryAt(deliver(target, LONG))).isAfterOrEqualTo(before.plusSeconds(900));
    }
    try (Target target = Target.answering(Target.status(503, "retry-after: 99999999"))) {
      Instant before = Instant.now();
      assertThat(retryAt(deliver(target, LONG)))
          .isBetween(before.plusSeconds(3_600), before.plusSeconds(3_700));
    }
  }

  @Test
  void redirectToThisMachineIsNotFollowed() throws InterruptedException {
    try (Target inner = Target.answering(Target.status(200));
        Target target =
            Target.answering(
                Target.status(302, "location: http://127.0.0.1:" + inner.port() + "/admin"))) {
      Outcome outcome = deliver(target, LONG);
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
      assertThat(outcome.note()).contains("a redirect, which is not followed");
      assertThat(inner.connections()).isZero();
    }
  }

  @Test
  void targetThatNeverAnswersCostsItsTimeout() throws InterruptedException {
    try (Target target = Target.start((_, _) -> Thread.sleep(600_000))) {
      Outcome outcome = deliver(target, SHORT);
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
      assertThat(outcome.note()).contains("no answer within PT0.7S");
    }
  }

  @Test
  void answerThatComesByteByByteCostsItsTimeout() throws InterruptedException {
    try (Target target =
        Target.start((_, out) -> {
          out.write("HTTP/1.1 200 ok\r\n".getBytes(StandardCharsets.UTF_8));
          for (int i = 0; i < 100_000; i++) {
            out.write(("x-" + i + ": y\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            Thread.sleep(50);
          }
        })) {
      assertThat(deliver(target, SHORT)).isInstanceOf(Outcome.Retry.class);
    }
  }

  @Test
  void endlessBodyIsReadNoFurtherThanItsBeginning() throws InterruptedException {
    try (Target target =
        Target.start((_, out) -> {
          out.write("HTTP/1.1 500 no\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          byte[] much = "all work and no play ".repeat(1_000).getBytes(StandardCharsets.UTF_8);
          while (true) {
            out.write(much);
          }
        })) {
      Outcome outcome = deliver(target, LONG);
      assertThat(outcome.note()).contains("all work and no play").hasSizeLessThan(500);
    }
  }

  @Test
  void endlessBodyOfASuccessIsASuccess() throws InterruptedException {
    try (Target target =
        Target.start((_, out) -> {
          out.write("HTTP/1.1 200 ok\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          while (true) {
            out.write(new byte[8_192]);
          }
        })) {
      assertThat(deliver(target, LONG)).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void headersWithoutEndAreNotRead() throws InterruptedException {
    try (Target target =
        Target.start((_, out) -> {
          out.write("HTTP/1.1 200 ok\r\nx: ".getBytes(StandardCharsets.UTF_8));
          byte[] much = "y".repeat(8_192).getBytes(StandardCharsets.UTF_8);
          while (true) {
            out.write(much);
          }
        })) {
      assertThat(deliver(target, LONG)).isInstanceOf(Outcome.Retry.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0\0\0\0",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "HTTP/1.1 999999 x\r\n\r\n",
        "HTTP/1.1 2"
      })
  void whatIsNoHttpIsTriedAgain(String answer) throws InterruptedException {
    try (Target target = Target.answering(answer)) {
      assertThat(deliver(target, LONG)).isInstanceOf(Outcome.Retry.class);
    }
  }

  @Test
  void answerOfAStrangerIsOneHarmlessLine() throws InterruptedException {
    String body = "\u001b[2Jpwned\r\n<script>";
    try (Target target = Target.answering("HTTP/1.1 500 x\r\nconnection: close\r\n\r\n" + body)) {
      assertThat(deliver(target, LONG).note()).endsWith("?[2Jpwned  <script>");
    }
  }

  @Test
  void nobodyListening() throws InterruptedException {
    Target target = Target.answering("");
    target.close();
    Outcome outcome = deliver(target, LONG);
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    assertThat(outcome.note()).startsWith("no delivery to http://target.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0.0.0.0",
        "0",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]"
      })
  void thisMachineIsBlockedHoweverItIsWritten(String host) throws InterruptedException {
    try (Target target = Target.answering(Target.status(200))) {
      String url = "https://%s:%d/".formatted(host, target.port());
      Outcome outcome =
          handler(settings(url, LONG, false), InetAddress::getAllByName).attempt(intent(0));
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
      assertThat(outcome.note()).contains("the target is blocked");
      assertThat(target.connections()).isZero();
    }
  }

  @Test
  void oneBlockedAddressAmongOthersIsEnough() throws InterruptedException {
    try (Target target = Target.answering(Target.status(200))) {
      Resolver.Lookup both =
          _ ->
              new InetAddress[] {
                InetAddress.ofLiteral("93.184.215.14"), InetAddress.ofLiteral("127.0.0.1")
              };
      String url = "https://both.example:%d/".formatted(target.port());
      Outcome outcome = handler(settings(url, LONG, false), both).attempt(intent(0));
      assertThat(outcome.note()).contains("both.example is 127.0.0.1").contains("this machine");
      assertThat(target.connections()).isZero();
    }
  }

  @Test
  void nameThatLeadsElsewhereAMomentLaterLeadsNowhere() throws InterruptedException {
    try (Target target = Target.answering(Target.status(200))) {
      AtomicInteger lookups = new AtomicInteger();
      Resolver.Lookup rebinding =
          _ ->
              new InetAddress[] {
                lookups.getAndIncrement() == 0
                    ? InetAddress.ofLiteral("93.184.215.14")
                    : InetAddress.ofLiteral("127.0.0.1")
              };
      String url = "https://rebinding.example:%d/".formatted(target.port());
      WebhookHandler handler = handler(settings(url, SHORT, false), rebinding);
      assertThat(handler.attempt(intent(0))).isInstanceOf(Outcome.Retry.class);
      assertThat(lookups).hasValue(1);
      assertThat(handler.attempt(intent(1)).note()).contains("the target is blocked");
      assertThat(target.connections()).isZero();
    }
  }

  @Test
  void unknownNameAndSlowNameServerAreFailures() throws InterruptedException {
    String url = "https://nowhere.example/";
    Resolver.Lookup unknown =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThat(handler(settings(url, LONG, false), unknown).attempt(intent(0)).note())
        .contains("nobody knows where nowhere.example is");
    Resolver.Lookup slow =
        _ -> {
          try {
            Thread.sleep(600_000);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return new InetAddress[0];
        };
    assertThat(handler(settings(url, LONG, false), slow).attempt(intent(0)).note())
        .contains("the name server does not say within 5 s");
  }

  @Test
  void interruptEndsAnAttemptWithoutAnOutcome() throws InterruptedException {
    try (Target target = Target.start((_, _) -> Thread.sleep(600_000))) {
      String url = "http://target.example:" + target.port();
      WebhookHandler handler = handler(settings(url, LONG, true), HERE);
      List<Object> ends = new CopyOnWriteArrayList<>();
      Thread attempt =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  ends.add(handler.attempt(intent(0)));
                } catch (InterruptedException e) {
                  ends.add(e);
                }
              });
      while (target.requests().isEmpty()) {
        Thread.sleep(10);
      }
      attempt.interrupt();
      attempt.join();
      assertThat(ends).hasSize(1).first().isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void testSendsASampleThatSaysSo() throws InterruptedException {
    try (Target target = Target.answering(Target.status(200))) {
      String url = "http://target.example:" + target.port();
      assertThat(handler(settings(url, LONG, true), HERE).test()).isInstanceOf(Outcome.Done.class);
      assertThat(Json.parse(target.requests().getFirst().body()).path("test").asBoolean()).isTrue();
    }
  }

  @Test
  void certificateMustBeTrustedAndForTheName() throws Exception {
    Path store = certificateFor("good.example");
    try (Target target =
        Target.start(
            serverSockets(store),
            (_, out) -> out.write(Target.status(200).getBytes(StandardCharsets.UTF_8)))) {
      assertThat(overTls(target, "good.example", Optional.of(trusting(store))))
          .isInstanceOf(Outcome.Done.class);
      Outcome otherName = overTls(target, "other.example", Optional.of(trusting(store)));
      assertThat(otherName).isInstanceOf(Outcome.Retry.class);
      assertThat(otherName.note()).contains("other.example not verified");
      Outcome untrusted = overTls(target, "good.example", Optional.empty());
      assertThat(untrusted).isInstanceOf(Outcome.Retry.class);
      assertThat(untrusted.note()).contains("no delivery to https://good.example");
      assertThat(target.requests()).hasSize(1);
    }
  }

  private static Outcome overTls(Target target, String host, Optional<X509TrustManager> trust)
      throws InterruptedException {
    WebhookSettings plain = settings("https://%s:%d/".formatted(host, target.port()), LONG, true);
    WebhookSettings trusting =
        new WebhookSettings(
            plain.hook(),
            plain.filter(),
            plain.url(),
            plain.keys(),
            plain.timeout(),
            true,
            plain.retries(),
            plain.retention(),
            trust);
    return handler(trusting, HERE).attempt(intent(0));
  }

  private Path certificateFor(String host) throws IOException, InterruptedException {
    Path store = folder.resolve("target.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "target",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-ext",
                "BC=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.exists(store)).isTrue();
    return store;
  }

  private static KeyStore load(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static ServerSocketFactory serverSockets(Path store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(load(store), "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  private static X509TrustManager trusting(Path store) throws Exception {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    authorities.setCertificateEntry("target", load(store).getCertificate("target"));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(authorities);
    return (X509TrustManager) Arrays.stream(factory.getTrustManagers()).findFirst().orElseThrow();
  }
}
