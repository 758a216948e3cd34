package org.agentchat.escrow.chain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Type;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The errors that contracts may give as reason, by their selector: those of one ABI and the two
/// that every contract has.
public final class ContractErrors {
  private static final Pattern ANY_RETURN = Pattern.compile("0x(?:[0-9a-f]{2}){4,2052}");
  private static final int SELECTOR_CHARS = 10;

  @SuppressWarnings("rawtypes") // As web3j's decoder wants it.
  private record Form(String name, List<TypeReference<Type>> parameters) {}

  private final Map<String, Form> forms;

  private ContractErrors(Map<String, Form> forms) {
    this.forms = Map.copyOf(forms);
  }

  /// Those of a contract.
  ///
  /// @param abi the JSON that the compiler made of it
  /// @throws IllegalArgumentException if it is not an ABI
  public static ContractErrors ofAbi(String abi) {
    Map<String, Form> forms = new HashMap<>();
    put(forms, "Error", List.of("string"));
    put(forms, "Panic", List.of("uint256"));
    try {
      for (JsonNode entry : JsonMapper.shared().readTree(abi)) {
        if (entry.path("type").asString("").equals("error")) {
          put(forms, entry.path("name").asString(), types(entry.path("inputs")));
        }
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not an ABI: " + e.getMessage(), e);
    }
    return new ContractErrors(forms);
  }

  /// Only `Error(string)` and `Panic(uint256)`.
  public static ContractErrors plain() {
    return ofAbi("[]");
  }

  private static List<String> types(JsonNode inputs) {
    return inputs.valueStream().map(input -> input.path("type").asString()).toList();
  }

  private static void put(Map<String, Form> forms, String name, List<String> types) {
    String signature = name + "(" + String.join(",", types) + ")";
    String selector = Hash.sha3String(signature).substring(0, SELECTOR_CHARS);
    forms.put(selector, new Form(name, types.stream().map(ContractErrors::reference).toList()));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static TypeReference<Type> reference(String type) {
    try {
      return TypeReference.makeTypeReference(type);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("an error's parameter cannot be of type " + type, e);
    }
  }

  /// What returned bytes mean.
  ///
  /// @param data `0x` and hexadecimal digits, from a stranger
  ContractError decode(String data) {
    if (!ANY_RETURN.matcher(data).matches()) {
      return data.equals("0x")
          ? ContractError.SILENT
          : new ContractError("Unknown", Optional.of(Words.of(data)), "0x");
    }
    Form form = forms.get(data.substring(0, SELECTOR_CHARS));
    if (form == null) {
      return new ContractError(
          "Unknown", Optional.of("selector " + data.substring(0, SELECTOR_CHARS)), data);
    }
    return new ContractError(form.name(), arguments(form, data), data);
  }

  private static Optional<String> arguments(Form form, String data) {
    if (form.parameters().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          FunctionReturnDecoder.decode(data.substring(SELECTOR_CHARS), form.parameters()).stream()
              .map(value -> text(value.getValue()))
              .collect(Collectors.joining(", ")));
    } catch (RuntimeException _) {
      // The contract is a stranger: arguments that do not fit its error are shown as they are.
      return Optional.of(Words.of(data));
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? Numeric.toHexString(bytes)
        : Words.of(String.valueOf(value));
  }
}
