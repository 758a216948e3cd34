package org.agentchat.cli;

import java.math.BigInteger;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.agentchat.escrow.contract.EscrowCall;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "resolve",
    description = {
      "Divide a disputed escrow: as its arbiter, or, when the arbiter's time is over, by the share"
          + " that both sides had agreed on."
    },
    mixinStandardHelpOptions = true)
final class EscrowResolveCommand implements Callable<Integer> {
  private static final Pattern UNITS = Pattern.compile("0|[1-9][0-9]{0,38}");
  private static final Pattern PERCENT = Pattern.compile("(100|[1-9]?[0-9])%");
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /// Exactly one of these.
  static final class Share {
    @Option(
        names = "--to-payee",
        paramLabel = "<amount>",
        description = "The payee's part, in base units or as 0% to 100%; the rest is the payer's.")
    private @Nullable String toPayee;

    @Option(
        names = "--silent",
        description = "The arbiter stayed silent: the agreed share. For anyone.")
    private boolean silent;
  }

  @ArgGroup(multiplicity = "1")
  private Share share = new Share();

  @Mixin private ReferenceOption reference;
  @Mixin private EscrowDealOptions deal;
  @Mixin private KeyOptions keys;
  @Mixin private Output output;

  @Override
  public Integer call() throws Exception {
    EscrowDeals.Found found = deal.find(output);
    String toPayee = share.toPayee;
    BigInteger part =
        toPayee == null ? BigInteger.ZERO : part(toPayee, found.deal().terms().amount().units());
    try (ChainSession session = deal.session(found, keys, output)) {
      EscrowMove move = new EscrowMove(found, session, output);
      if (share.silent) {
        move.make("resolve-silent", new EscrowCall.ResolveSilent(found.deal().struct()));
      } else {
        move.requireRole("arbiter", found.deal().terms().arbiter());
        String hash = reference.hash(found, output);
        move.make("resolve", new EscrowCall.Resolve(found.deal().struct(), part, hash));
      }
      return Exit.OK;
    }
  }

  /// Rounded down, as the contract rounds.
  private BigInteger part(String text, BigInteger amount) {
    if (PERCENT.matcher(text).matches()) {
      BigInteger percent = new BigInteger(text.substring(0, text.length() - 1));
      return amount.multiply(percent).divide(HUNDRED);
    }
    if (!UNITS.matcher(text).matches()) {
      throw output.usage(
          "--to-payee is a whole number of base units or 0% to 100%, not '" + text + "'");
    }
    BigInteger part = new BigInteger(text);
    if (part.compareTo(amount) > 0) {
      throw output.usage(
          "--to-payee is at most %s, all that there is, not %s".formatted(amount, part));
    }
    return part;
  }
}
