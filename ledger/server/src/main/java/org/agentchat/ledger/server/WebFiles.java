package org.agentchat.ledger.server;

import io.undertow.util.StatusCodes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.agentchat.schemas.identity.Sha256;

/// The scripts, styles and pictures of the [WebPages]. All are served below one folder whose name
/// is a hash of everything in it: a browser keeps them for ever, and another version is another
/// folder. So modules import each other by relative names.
final class WebFiles {
  /// Ours, beside this class in `web/`. Listed, because the folders of a jar have no listing.
  private static final List<String> OURS =
      List.of(
          "style.css",
          "icon.svg",
          "agent-key.js",
          "agent.js",
          "api.js",
          "bytes.js",
          "canonical.js",
          "certificate.js",
          "checkpoint-check.js",
          "claims.js",
          "conclusion.js",
          "deal.js",
          "deployment-view.js",
          "dispute.js",
          "dom.js",
          "ed25519.js",
          "entry.js",
          "escrow-view.js",
          "escrow.js",
          "event.js",
          "fields.js",
          "file.js",
          "flaw.js",
          "history.js",
          "home.js",
          "json.js",
          "keccak.js",
          "key-chain.js",
          "leg.js",
          "log.js",
          "money.js",
          "missing.js",
          "note.js",
          "page.js",
          "policy.js",
          "proposal.js",
          "rating-chart.js",
          "rating-file.js",
          "rating-map.js",
          "receipt-file.js",
          "receipt.js",
          "secp256k1.js",
          "sha256.js",
          "statement.js",
          "tlog.js",
          "verdict.js",
          "verify.js",
          "words.js");

  /// The chart library under the name that our script asks for.
  private static final String CHART = "chart.umd.min.js";

  private static final String CHART_VERSION =
      "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private final String version;
  private final Map<String, Answer> files = new TreeMap<>();

  private WebFiles(Map<String, byte[]> contents) {
    this.version = version(contents);
    contents.forEach((name, bytes) ->
        files.put(name, new Answer(StatusCodes.OK, type(name), bytes, Answer.Cache.FOR_EVER)));
  }

  /// Reads all of them from the jars.
  ///
  /// @throws IllegalStateException when one is missing
  static WebFiles load() {
    Map<String, byte[]> contents = new TreeMap<>();
    OURS.forEach(name -> contents.put(name, read("web/" + name)));
    contents.put(CHART, read(chartFolder() + "dist/" + CHART));
    return new WebFiles(contents);
  }

  /// The name of the folder.
  String version() {
    return version;
  }

  Route route() {
    return Route.of("/assets/{version}/{name}", this::file);
  }

  private Answer file(Call call) {
    Answer file = files.get(call.part("name"));
    // Under another version's name the content would be kept where it does not belong.
    if (file == null || !call.part("version").equals(version)) {
      throw Problem.notFound("there is no such file in this version of the pages");
    }
    return file;
  }

  static String text(String name) {
    return new String(read("web/" + name), StandardCharsets.UTF_8);
  }

  private static String chartFolder() {
    Properties properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(read(CHART_VERSION)));
    } catch (IOException e) {
      throw new UncheckedIOException(CHART_VERSION + " cannot be read", e);
    }
    return "/META-INF/resources/webjars/chart.js/" + properties.getProperty("version") + "/";
  }

  private static byte[] read(String name) {
    try (InputStream resource = WebFiles.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is missing from the jars");
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }

  private static String version(Map<String, byte[]> contents) {
    StringBuilder all = new StringBuilder();
    contents.forEach((name, bytes) -> all.append(name).append(hex(Sha256.of(bytes))));
    return hex(Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8))).substring(0, 16);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no content type for " + name);
    };
  }
}
