package org.agentchat.hooks.webhook;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.CacheControl;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.agentchat.hooks.Excerpt;
import org.agentchat.hooks.Handler;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.NoticePlanner;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.Planner;
import org.agentchat.hooks.Sample;

/// Delivers notices over HTTP as Standard Webhooks describes it: at least once, each with an id
/// that stays the same however often it comes.
///
/// The target is a stranger: it is connected to only at the address that was checked, without
/// redirects, proxies or cookies; of its answer only the status and the first bytes are read, and
/// all of it within the time-out.
///
/// The client is OkHttp because it can be told which addresses to connect to while it still
/// verifies the certificate for the name; the client of the JDK cannot.
public final class WebhookHandler implements Handler {
  /// Bytes of an answer that are read; the rest is left on the line.
  private static final int MAX_ANSWER_BYTES = 4 * 1024;

  private static final int GONE = 410;
  private static final MediaType JSON = MediaType.get("application/json");

  private final WebhookSettings settings;
  private final InstantSource clock;
  private final Resolver resolver;
  private final OkHttpClient client;

  /// A handler that uses this machine's clock and name servers.
  public WebhookHandler(WebhookSettings settings) {
    this(settings, InstantSource.system(), InetAddress::getAllByName);
  }

  WebhookHandler(WebhookSettings settings, InstantSource clock, Resolver.Lookup lookup) {
    this.settings = settings;
    this.clock = clock;
    this.resolver = new Resolver(settings.allowPrivate(), lookup);
    this.client = client(settings);
  }

  private static OkHttpClient client(WebhookSettings settings) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            .cookieJar(CookieJar.NO_COOKIES)
            // A connection is not kept: the next attempt checks its address anew.
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
            .callTimeout(settings.timeout())
            .connectTimeout(settings.timeout())
            .readTimeout(settings.timeout())
            .writeTimeout(settings.timeout());
    settings.trust().ifPresent(trust -> trust(builder, trust));
    return builder.build();
  }

  private static void trust(OkHttpClient.Builder builder, X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {trust}, null);
      builder.sslSocketFactory(context.getSocketFactory(), trust);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  @Override
  public Planner planner() {
    return new NoticePlanner(settings.hook(), settings.filter());
  }

  @Override
  public Optional<Duration> retention() {
    return Optional.of(settings.retention());
  }

  @Override
  public Outcome attempt(Intent intent) throws InterruptedException {
    Instant start = clock.instant();
    try {
      List<InetAddress> addresses = resolver.resolve(settings.url().host());
      try (Response response = send(intent, addresses, start)) {
        return outcome(intent, response, start);
      }
    } catch (InterruptedIOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the reactor stops");
      }
      return failed(
          intent,
          "no answer within %s from %s (%s)"
              .formatted(settings.timeout(), settings.target(), Excerpt.of(e.toString())),
          Duration.ZERO);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the reactor stops");
      }
      return failed(
          intent,
          "no delivery to %s: %s".formatted(settings.target(), Excerpt.of(sentence(e))),
          Duration.ZERO);
    }
  }

  private static String sentence(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private Response send(Intent intent, List<InetAddress> addresses, Instant now)
      throws IOException {
    long timestamp = now.getEpochSecond();
    String signatures =
        settings.keys().stream()
            .map(key -> key.sign(intent.key(), timestamp, intent.payload()))
            .collect(Collectors.joining(" "));
    Request request =
        new Request.Builder()
            .url(settings.url())
            .header("user-agent", "agentchat-hooks")
            .header("accept", "*/*")
            // So that a small answer is not a large one.
            .header("accept-encoding", "identity")
            .header("webhook-id", intent.key())
            .header("webhook-timestamp", Long.toString(timestamp))
            .header("webhook-signature", signatures)
            .cacheControl(CacheControl.FORCE_NETWORK)
            .post(RequestBody.create(intent.payload().getBytes(StandardCharsets.UTF_8), JSON))
            .build();
    return client.newBuilder().dns(_ -> addresses).build().newCall(request).execute();
  }

  private Outcome outcome(Intent intent, Response response, Instant start) throws IOException {
    long took = Duration.between(start, clock.instant()).toMillis();
    String answer =
        "HTTP %d from %s after %d ms".formatted(response.code(), settings.target(), took);
    if (response.isSuccessful()) {
      return new Outcome.Done(answer);
    }
    String body = Excerpt.of(beginning(response));
    String whole = body.isEmpty() ? answer : answer + ": " + body;
    if (response.code() == GONE) {
      return new Outcome.Disabled(whole);
    }
    if (response.isRedirect()) {
      return failed(intent, answer + ": a redirect, which is not followed", Duration.ZERO);
    }
    Duration wished = RetryAfter.of(response.header("retry-after"), clock.instant());
    return failed(intent, whole, wished);
  }

  private static String beginning(Response response) throws IOException {
    if (response.body() == null) {
      return "";
    }
    BufferedSource source = response.body().source();
    boolean _ = source.request(MAX_ANSWER_BYTES);
    long there = Math.min(source.getBuffer().size(), MAX_ANSWER_BYTES);
    return source.readString(there, StandardCharsets.UTF_8);
  }

  private Outcome failed(Intent intent, String note, Duration wished) {
    return settings
        .retries()
        .failed(intent, note, wished, clock.instant(), RandomGenerator.getDefault());
  }

  @Override
  public Outcome test() throws InterruptedException {
    return attempt(Sample.of(settings.hook(), settings.filter(), clock.instant()));
  }
}
