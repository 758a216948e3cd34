package org.agentchat.escrow.chain;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentchat.escrow.contract.EscrowRefusal;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Type;
import org.web3j.utils.Numeric;

/// Reads why a contract refused: the escrow's own errors, the two that every contract has, and
/// those of tokens (ERC-6093).
final class ContractErrors {
  private static final int SELECTOR_CHARS = 10;

  /// A selector at least, and less than anybody needs for a reason.
  private static final Pattern REASON = Pattern.compile("0x(?:[0-9a-f]{2}){4,2052}");

  private static final Map<String, Form> FORMS =
      Arrays.stream(
              """
              Error(string)
              Panic(uint256)
              ERC20InsufficientBalance(address,uint256,uint256)
              ERC20InsufficientAllowance(address,uint256,uint256)
              ERC20InvalidSender(address)
              ERC20InvalidReceiver(address)
              ERC20InvalidApprover(address)
              ERC20InvalidSpender(address)
              """
                  .split("\\R"))
          .collect(Collectors.toUnmodifiableMap(ContractErrors::selector, Form::of));

  private ContractErrors() {}

  @SuppressWarnings("rawtypes") // As web3j's decoder wants it.
  private record Form(String name, List<TypeReference<Type>> parameters) {
    static Form of(String signature) {
      int open = signature.indexOf('(');
      List<String> types =
          List.of(signature.substring(open + 1, signature.length() - 1).split(",", -1));
      return new Form(signature.substring(0, open), types.stream().map(Form::reference).toList());
    }

    @SuppressWarnings("unchecked")
    private static TypeReference<Type> reference(String type) {
      try {
        return TypeReference.makeTypeReference(type);
      } catch (ClassNotFoundException e) {
        throw new IllegalArgumentException("web3j does not know the type " + type, e);
      }
    }
  }

  private static String selector(String signature) {
    return org.web3j.crypto.Hash.sha3String(signature).substring(0, SELECTOR_CHARS);
  }

  /// What returned bytes mean.
  ///
  /// @param data `0x` and hexadecimal digits, from a stranger
  static ContractError decode(String data) {
    if (data.equals("0x")) {
      return ContractError.SILENT;
    }
    if (!REASON.matcher(data).matches()) {
      return new ContractError("Unknown", Optional.of(Words.of(data)), "0x");
    }
    return EscrowRefusal.parse(data)
        .map(refusal -> ofEscrow(refusal, data))
        .orElseGet(() -> ofOthers(data));
  }

  private static ContractError ofEscrow(EscrowRefusal refusal, String data) {
    String text = refusal.toString();
    String arguments = String.join(", ", refusal.arguments());
    return new ContractError(
        text.substring(0, text.indexOf('(')),
        arguments.isEmpty() ? Optional.empty() : Optional.of(arguments),
        data);
  }

  private static ContractError ofOthers(String data) {
    Form form = FORMS.get(data.substring(0, SELECTOR_CHARS));
    return form == null
        ? new ContractError(
            "Unknown", Optional.of("selector " + data.substring(0, SELECTOR_CHARS)), data)
        : new ContractError(form.name(), Optional.of(arguments(form, data)), data);
  }

  private static String arguments(Form form, String data) {
    try {
      return FunctionReturnDecoder.decode(data.substring(SELECTOR_CHARS), form.parameters())
          .stream()
          .map(value -> text(value.getValue()))
          .collect(Collectors.joining(", "));
    } catch (RuntimeException _) {
      // The contract is a stranger: arguments that do not fit its error are shown as they are.
      return Words.of(data);
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? Numeric.toHexString(bytes)
        : Words.of(String.valueOf(value));
  }
}
