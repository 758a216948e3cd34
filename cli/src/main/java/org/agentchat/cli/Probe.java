package org.agentchat.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/// Asks a server how it is, for containers and services that have no other tool: exit code 0 when
/// it answers 200 within the time, else 1 and a sentence. `Probe [--within SECONDS] URL`; without
/// `--within` it asks once. Loads nothing of AgentChat, so that it starts in a moment.
public final class Probe {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private Probe() {}

  /// The process.
  public static void main(String[] arguments) throws InterruptedException {
    boolean patient = arguments.length == 3 && arguments[0].equals("--within");
    if (!patient && arguments.length != 1) {
      System.err.println("Usage: Probe [--within SECONDS] URL");
      System.exit(Exit.USAGE);
      return;
    }
    String url = arguments[arguments.length - 1];
    long seconds = patient ? Long.parseLong(arguments[1]) : 0;
    String trouble = ask(url, System.nanoTime() + Duration.ofSeconds(seconds).toNanos());
    if (!trouble.isEmpty()) {
      System.err.println(trouble);
      System.exit(Exit.FAILED);
    }
  }

  private static String ask(String url, long deadline) throws InterruptedException {
    while (true) {
      String trouble = ask(url);
      if (trouble.isEmpty() || System.nanoTime() >= deadline) {
        return trouble;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static String ask(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout((int) ANSWER.toMillis());
      connection.setReadTimeout((int) ANSWER.toMillis());
      int status = connection.getResponseCode();
      return status == HttpURLConnection.HTTP_OK ? "" : url + " answers " + status;
    } catch (IOException e) {
      return url + " does not answer: " + e;
    }
  }
}
