package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.WalletBinding;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.EscrowStatement;

/// Says in plain words what a sound receipt shows of the deal's money, and what it does not: who
/// said what, but never that the chain says so, too.
record MoneyConclusion(Receipt receipt, Deal deal, Money money) {
  List<String> proved() {
    List<String> proved = new ArrayList<>();
    EscrowTerms terms = money.terms();
    proved.add(
        "The deal was not to start before %s of %s were locked in the contract %s on the chain %s: from the wallet %s of %s, for the wallet %s of %s, as the escrow %s."
            .formatted(
                terms.amount(),
                terms.isNativeCoin()
                    ? "the chain's coin (smallest units)"
                    : "the token " + terms.token(),
                terms.contract(),
                terms.chain(),
                wallet(money.payer()),
                receipt.from(),
                wallet(money.payee()),
                receipt.to(),
                Money.seen(money.locked()).escrowId()));
    for (Leg binding : List.of(money.payer(), money.payee())) {
      if (isSigned(binding)) {
        proved.add(
            "The key of the wallet %s signed that it is %s's (entry %d)."
                .formatted(wallet(binding), binding.key().id(), binding.index()));
      }
    }
    proved.add(said(money.locked()));
    money.ended().ifPresent(ended -> proved.add(said(ended)));
    return proved;
  }

  private static String wallet(Leg binding) {
    return Money.binding(binding).account().address().text();
  }

  private static boolean isSigned(Leg binding) {
    return Money.binding(binding).proof(binding.key()) == WalletBinding.Proof.SIGNED;
  }

  /// The observer's word, and whose it is.
  private static String said(Leg leg) {
    EscrowStatement.Observation seen = Money.seen(leg);
    String what =
        switch (seen) {
          case EscrowStatement.EscrowLocked _ -> "the money was locked";
          case EscrowStatement.EscrowSettled settled ->
              "the money was paid out (%s), %s to the payee and %s to the payer"
                  .formatted(settled.how().word(), settled.toPayee(), settled.toPayer());
          case EscrowStatement.EscrowRefunded _ -> "the money went back to the payer";
        };
    return "The observer %s said that %s, on chain %s in block %d by the transaction %s (entry %d); whether the chain says so was not checked here."
        .formatted(leg.key().id(), what, seen.chain(), seen.blockNumber(), seen.tx(), leg.index());
  }

  List<String> notProved() {
    List<String> not = new ArrayList<>();
    AgentId observer = money.terms().observer();
    not.add(
        "That the chain says of the money what %s said: whoever asks the chain %s for the escrow knows."
            .formatted(observer, money.terms().chain()));
    for (Leg binding : List.of(money.payer(), money.payee())) {
      if (!isSigned(binding)) {
        not.add(
            "That the wallet %s agreed to be %s's: it is said to be a contract, and only the chain knows (ERC-1271)."
                .formatted(wallet(binding), binding.key().id()));
      }
    }
    not.add(
        "That neither side had bound another wallet before the deal was accepted: an audit shows"
            + " it.");
    if (money.ended().isEmpty()) {
      not.add("What became of the money: the file holds nobody's word for it.");
    }
    return not;
  }
}
