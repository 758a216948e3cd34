package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// Receipts in numbers.
///
/// @param dateRange of the ends of the deals; null without any
/// @param counterparties in the order of their first deal
/// @param currencies by name, in the order of their first deal; [#NO_CURRENCY] where none was named
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReceiptSummary(
    int count,
    @Nullable DateRange dateRange,
    List<String> counterparties,
    Map<String, Money> currencies) {
  /// Not a currency's name in any file: those are never empty.
  private static final String NO_CURRENCY = "";

  /// ISO 8601.
  record DateRange(String oldest, String newest) {}

  /// @param total exact
  record Money(int count, BigDecimal total) {
    static final Money NONE = new Money(0, BigDecimal.ZERO);

    Money plus(BigDecimal amount) {
      return new Money(count + 1, Decimals.plain(total.add(amount)));
    }
  }

  static ReceiptSummary of(List<DealReceipt> receipts, @Nullable AgentId self) {
    LongSummaryStatistics times =
        receipts.stream().flatMapToLong(r -> r.endedAt().stream()).summaryStatistics();
    Map<String, Money> currencies = new LinkedHashMap<>();
    for (DealReceipt receipt : receipts) {
      String currency = receipt.currency().orElse(NO_CURRENCY);
      Money sum = currencies.getOrDefault(currency, Money.NONE);
      currencies.put(currency, sum.plus(receipt.amount().orElse(BigDecimal.ZERO)));
    }
    return new ReceiptSummary(
        receipts.size(),
        times.getCount() == 0
            ? null
            : new DateRange(IsoTime.of(times.getMin()), IsoTime.of(times.getMax())),
        receipts.stream().flatMap(r -> r.counterparties(self).stream()).distinct().toList(),
        currencies);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Receipt Summary:");
    lines.add("  Total receipts: " + count);
    if (dateRange != null) {
      lines.add("  Date range: " + dateRange.oldest() + " to " + dateRange.newest());
    }
    if (!counterparties.isEmpty()) {
      lines.add("  Counterparties (" + counterparties.size() + "):");
      counterparties.forEach(agent -> lines.add("    - " + Printable.of(agent)));
    }
    if (!currencies.isEmpty()) {
      lines.add("  By currency:");
      currencies.forEach((currency, money) -> lines.add("    " + line(currency, money)));
    }
    return lines;
  }

  private static String line(String currency, Money money) {
    return currency.equals(NO_CURRENCY)
        ? "(no currency): " + money.count() + " receipts"
        : "%s: %d receipts, %s total"
            .formatted(Printable.of(currency), money.count(), money.total().toPlainString());
  }
}
