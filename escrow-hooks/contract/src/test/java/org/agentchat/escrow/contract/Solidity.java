package org.agentchat.escrow.contract;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.reference.V8ValueFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.escrow.devchain.ToolCache;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Solidity compiler, the one that everybody uses: `solc` as JavaScript, run by V8 inside this
/// JVM. Starting takes 3 seconds, a contract 1 to 2. One thread at a time.
final class Solidity implements AutoCloseable {

  /// Told where it is missing.
  static final String MISSING =
      "######## NO SOLIDITY COMPILER in ~/.cache/agentchat, or no V8 for this machine: THE CONTRACT"
          + " IS NOT COMPILED AGAIN (escrow-hooks/contract/tools.xml)";

  private static final String LIBRARY = "@openzeppelin/contracts/";

  private static final Pattern IMPORT =
      Pattern.compile("^import\\s+(?:\\{[^}]*}\\s+from\\s+)?\"([^\"]+)\";", Pattern.MULTILINE);

  private final V8Runtime runtime;
  private final V8ValueFunction compile;
  private final Path library;

  private Solidity(V8Runtime runtime, V8ValueFunction compile, Path library) {
    this.runtime = runtime;
    this.compile = compile;
    this.library = library;
  }

  /// Whether [#start] will work here.
  static boolean isHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64")
        && Files.isReadable(compiler())
        && Files.isDirectory(library());
  }

  static Solidity start() {
    try {
      V8Runtime runtime = V8Host.getV8Instance().createV8Runtime();
      runtime.getExecutor("var Module = {print() {}, printErr() {}};").executeVoid();
      runtime.getExecutor(compiler()).executeVoid();
      V8ValueFunction compile =
          runtime
              .getExecutor(
                  "Module.cwrap('solidity_compile', 'string', ['string', 'number', 'number'])")
              .execute();
      return new Solidity(runtime, compile, library());
    } catch (JavetException e) {
      throw new IllegalStateException("The compiler does not start", e);
    }
  }

  private static Path compiler() {
    return ToolCache.folder("solc-" + System.getProperty("solc.version")).resolve("soljson.js");
  }

  private static Path library() {
    return ToolCache.folder("contracts-" + System.getProperty("openzeppelin.version"));
  }

  /// Compiles with the project's settings.
  ///
  /// @param sources name to text; what they import of OpenZeppelin is added
  /// @return what it made
  /// @throws IllegalArgumentException when it has an error or a warning, with the compiler's words
  Output compile(Map<String, String> sources) {
    JsonNode output = run(sources, true);
    List<String> complaints =
        output
            .path("errors")
            .valueStream()
            .filter(error -> !isOfLibrary(error))
            .map(error -> error.path("formattedMessage").asString())
            .toList();
    if (!complaints.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", complaints));
    }
    return new Output(output);
  }

  /// Compiles many versions of one contract at once, not optimised, which takes a third of the
  /// time; they may have warnings.
  ///
  /// @param sources name to text
  /// @return name to creation code
  /// @throws IllegalArgumentException when one does not compile
  Map<String, String> compileMutants(Map<String, String> sources, String contract) {
    Output output = new Output(run(sources, false));
    Map<String, String> codes = new TreeMap<>();
    for (String name : sources.keySet()) {
      String code = output.contract(name, contract).creationCode();
      if (code.equals("0x")) {
        throw new IllegalArgumentException(name + ": " + output.output().path("errors"));
      }
      codes.put(name, code);
    }
    return codes;
  }

  private JsonNode run(Map<String, String> sources, boolean optimized) {
    ObjectNode input = JsonMapper.shared().createObjectNode().put("language", "Solidity");
    ObjectNode texts = input.putObject("sources");
    closure(sources).forEach((name, text) -> texts.putObject(name).put("content", text));
    ObjectNode settings = input.putObject("settings").put("evmVersion", "cancun");
    settings.putObject("optimizer").put("enabled", optimized).put("runs", 1000);
    settings.putObject("metadata").put("bytecodeHash", "none");
    ObjectNode selection = settings.putObject("outputSelection");
    if (optimized) {
      selection.putObject("*").putArray("").add("ast");
    }
    for (String name : sources.keySet()) {
      ArrayNode wanted = selection.putObject(name).putArray("*").add("evm.bytecode.object");
      if (optimized) {
        wanted.add("abi").add("metadata").add("evm.deployedBytecode");
        wanted.add("userdoc").add("devdoc");
      }
    }
    try {
      return JsonMapper.shared().readTree(compile.callString(null, input.toString(), 0, 0));
    } catch (JavetException e) {
      throw new IllegalStateException("The compiler failed", e);
    }
  }

  /// OpenZeppelin's code warns of what it does with transient storage.
  private static boolean isOfLibrary(JsonNode error) {
    return error.path("severity").asString().equals("warning")
        && error.path("sourceLocation").path("file").asString().startsWith(LIBRARY);
  }

  /// @param output what solc says, see its "Compiler Input and Output JSON Description"
  record Output(JsonNode output) {

    Contract contract(String source, String name) {
      return new Contract(output.path("contracts").path(source).path(name));
    }

    /// Name to creation code of every contract in one source that can be deployed.
    Map<String, String> creationCodes(String source) {
      Map<String, String> codes = new TreeMap<>();
      output
          .path("contracts")
          .path(source)
          .forEachEntry((name, node) -> codes.put(name, new Contract(node).creationCode()));
      codes.values().removeIf("0x"::equals);
      return codes;
    }

    /// The names of the variables behind the numbers that the compiler uses.
    Optional<String> variable(int id) {
      return output
          .path("sources")
          .valueStream()
          .flatMap(source -> source.path("ast").findParents("id").stream())
          .filter(node -> node.path("id").asInt() == id)
          .filter(node -> node.path("nodeType").asString().equals("VariableDeclaration"))
          .map(node -> node.path("name").asString())
          .findFirst();
    }
  }

  /// @param node the compiler's output for one contract
  record Contract(JsonNode node) {

    JsonNode abi() {
      return node.path("abi");
    }

    String metadata() {
      return node.path("metadata").asString();
    }

    String creationCode() {
      return "0x" + node.path("evm").path("bytecode").path("object").asString();
    }

    /// What is said of it for users, and for developers.
    JsonNode userDoc() {
      return node.path("userdoc");
    }

    JsonNode developerDoc() {
      return node.path("devdoc");
    }

    JsonNode deployed() {
      return node.path("evm").path("deployedBytecode");
    }
  }

  private Map<String, String> closure(Map<String, String> sources) {
    Map<String, String> closure = new LinkedHashMap<>(sources);
    Deque<String> unread = new ArrayDeque<>(sources.keySet());
    while (!unread.isEmpty()) {
      String name = unread.remove();
      Matcher imports = IMPORT.matcher(closure.get(name));
      while (imports.find()) {
        String imported = resolve(name, imports.group(1));
        if (!closure.containsKey(imported)) {
          closure.put(imported, read(imported));
          unread.add(imported);
        }
      }
    }
    return closure;
  }

  private static String resolve(String importer, String imported) {
    return imported.startsWith(".")
        ? Path.of(importer).resolveSibling(imported).normalize().toString()
        : imported;
  }

  private String read(String name) {
    if (!name.startsWith(LIBRARY)) {
      throw new IllegalArgumentException("There is no source " + name);
    }
    try {
      return Files.readString(library.resolve(name.substring(LIBRARY.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws JavetException {
    compile.close();
    runtime.close();
  }
}
