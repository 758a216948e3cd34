package org.agentchat.hooks.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentchat.hooks.Excerpt;

/// Finds the addresses of a target, once for each attempt, and refuses those that it must not be
/// connected to. Whoever connects uses exactly these, so a name that leads elsewhere a moment later
/// (DNS rebinding) leads nowhere.
final class Resolver {
  /// How long a name server may take.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Lookups at once. One that takes long cannot be ended, so those that were given up count, too.
  private static final int MAX_LOOKUPS = 16;

  /// Finds the addresses of a name.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] find(String host) throws UnknownHostException;
  }

  private final boolean allowPrivate;
  private final Lookup lookup;
  private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);

  /// @param allowPrivate whether targets need not be in the public internet
  Resolver(boolean allowPrivate, Lookup lookup) {
    this.allowPrivate = allowPrivate;
    this.lookup = lookup;
  }

  /// The addresses of a name or a literal, all of which may be connected to.
  ///
  /// @throws IOException if there are none, or one of them may not; the message says which
  List<InetAddress> resolve(String host) throws IOException, InterruptedException {
    List<InetAddress> found = List.of(find(host));
    if (!allowPrivate) {
      for (InetAddress address : found) {
        String kind = Addresses.notPublic(address);
        if (kind != null) {
          throw new IOException(
              "the target is blocked: %s is %s, which is not in the public internet (%s);"
                      .formatted(Excerpt.of(host), address.getHostAddress(), kind)
                  + " 'allow-private: true' lets a hook go there");
        }
      }
    }
    return found;
  }

  /// On a thread of the operating system: a slow name server would hold up the virtual threads of
  /// all hooks.
  private InetAddress[] find(String host) throws IOException, InterruptedException {
    if (!lookups.tryAcquire()) {
      throw new IOException(
          "the name server is slow: %d lookups wait for it".formatted(MAX_LOOKUPS));
    }
    CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("hooks-lookup")
        .start(() -> {
          try {
            found.complete(lookup.find(host));
          } catch (UnknownHostException | RuntimeException e) {
            found.completeExceptionally(e);
          } finally {
            lookups.release();
          }
        });
    try {
      return found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new IOException(
          "the name server does not say within %d s where %s is"
              .formatted(PATIENCE.toSeconds(), Excerpt.of(host)));
    } catch (ExecutionException e) {
      throw new IOException("nobody knows where %s is".formatted(Excerpt.of(host)), e);
    }
  }
}
