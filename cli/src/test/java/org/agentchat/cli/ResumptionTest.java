package org.agentchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Finding;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.junit.jupiter.api.Test;

/// What an audit believes of one that was interrupted, and what it does not.
final class ResumptionTest {
  /// More than one read-ahead, so that there are entries that are read once the log has a name.
  private static final WrittenLog HONEST = WrittenLog.of(800);

  private static final int STOPPED_AT = 3_000;

  /// The proposal of a deal that is read late: its signature is left out by a resumed audit.
  private static final int COVERED = 2_801;

  private final Bookmarks bookmarks = new Bookmarks();
  private final List<String> notices = new ArrayList<>();

  private static final class Bookmarks implements Resumption.Bookmarks {
    private final Map<String, VerifiedPrefix> kept = new HashMap<>();

    @Override
    public String program() {
      return "this very one";
    }

    @Override
    public Optional<VerifiedPrefix> last(String origin) {
      return Optional.ofNullable(kept.get(origin));
    }

    @Override
    public void keep(VerifiedPrefix prefix) {
      kept.put(prefix.origin(), prefix);
    }

    @Override
    public void drop(String origin) {
      kept.remove(origin);
    }
  }

  /// As if an audit of the log had been interrupted, and had found only these forged.
  private void interrupted(WrittenLog log, List<Long> forged) {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    for (byte[] event : log.events().subList(0, STOPPED_AT)) {
      ledger.apply(reader.readUnverified(ledger.size(), event));
    }
    bookmarks.keep(
        new VerifiedPrefix(
            VerifiedPrefix.FORMAT,
            bookmarks.program(),
            WrittenLog.ORIGIN,
            STOPPED_AT,
            ledger.rootHash(),
            forged));
  }

  private Resumption resumption(boolean fresh) {
    return Resumption.by(bookmarks, fresh, notices::add);
  }

  private static Auditor audit(LogSource log, Resumption resumption) {
    return new Audit(Optional.empty(), null).resumable(resumption).run(log, _ -> {});
  }

  /// Another signature, of the right shape.
  private static WrittenLog withForgery(WrittenLog log) {
    return withForgery(log, COVERED);
  }

  private static WrittenLog withForgery(WrittenLog log, int index) {
    byte[] event = log.events().get(index);
    String text = new String(event, UTF_8);
    String forged = text.replaceFirst("\"sig\":\"[^\"]{8}", "\"sig\":\"AAAAAAAA");
    assertThat(forged).isNotEqualTo(text);
    return log.with(index, forged.getBytes(UTF_8));
  }

  private static List<String> kinds(Auditor auditor) {
    return auditor.findings().stream()
        .filter(finding -> finding.kind() == Finding.Kind.FORGED)
        .map(finding -> finding.kind() + " " + finding.index())
        .toList();
  }

  @Test
  void resumedAuditSaysWhatAWholeOneSays() {
    Auditor whole = audit(HONEST, Resumption.none());
    interrupted(HONEST, List.of());
    Resumption resumption = resumption(false);

    Auditor resumed = audit(HONEST, resumption);

    assertThat(resumption.resumedAt()).isEqualTo(STOPPED_AT);
    assertThat(notices).singleElement().asString().startsWith("Going on at entry 3000: ");
    assertThat(resumed.ledger().stateHash()).isEqualTo(whole.ledger().stateHash());
    assertThat(resumed.signatures()).isEqualTo(whole.signatures());
    assertThat(resumed.findings()).isEqualTo(whole.findings());
    assertThat(bookmarks.kept).as("it has come to its end").isEmpty();
  }

  /// The bookmark lies, as only its owner can make it do: so nothing below it was verified.
  @Test
  void signaturesBelowTheBookmarkAreLeftOut() {
    WrittenLog forged = withForgery(HONEST);
    interrupted(forged, List.of());

    assertThat(kinds(audit(forged, resumption(false)))).isEmpty();
  }

  @Test
  void freshAuditBelievesNoBookmark() {
    WrittenLog forged = withForgery(HONEST);
    interrupted(forged, List.of());
    Resumption resumption = resumption(true);

    assertThat(kinds(audit(forged, resumption))).containsExactly("FORGED " + COVERED);
    assertThat(resumption.resumedAt()).isZero();
    assertThat(notices).isEmpty();
  }

  @Test
  void forgeriesThatWereFoundBeforeTheInterruptionAreFoundAgain() {
    WrittenLog forged = withForgery(HONEST);
    interrupted(forged, List.of((long) COVERED));

    assertThat(kinds(audit(forged, resumption(false)))).containsExactly("FORGED " + COVERED);
  }

  @Test
  void logThatBeginsOtherwiseNowIsVerifiedWhole() {
    interrupted(HONEST, List.of());
    Resumption resumption = resumption(false);

    Auditor auditor = audit(withForgery(HONEST), resumption);

    assertThat(kinds(auditor)).containsExactly("FORGED " + COVERED);
    assertThat(resumption.contradictedAt()).isEqualTo(STOPPED_AT);
    assertThat(resumption.resumedAt()).isZero();
    assertThat(notices.getLast())
        .startsWith("The first 3000 entries are not those that were verified before");
    assertThat(auditor.ledger().size()).isEqualTo(HONEST.size());
  }

  /// What was folded before the difference showed leaves no trace.
  @Test
  void auditThatHadToStartAgainSaysWhatAWholeOneSays() {
    WrittenLog forged = withForgery(HONEST);
    Auditor whole = audit(forged, Resumption.none());
    interrupted(HONEST, List.of());

    Auditor again = audit(forged, resumption(false));

    assertThat(again.findings()).isEqualTo(whole.findings());
    assertThat(again.ledger().stateHash()).isEqualTo(whole.ledger().stateHash());
    assertThat(again.signatures()).isEqualTo(whole.signatures());
  }

  @Test
  void shorterLogIsVerifiedWhole() {
    interrupted(HONEST, List.of());
    WrittenLog shorter = withForgery(new WrittenLog(HONEST.events().subList(0, STOPPED_AT - 1)));

    Auditor auditor = audit(shorter, resumption(false));

    assertThat(kinds(auditor)).containsExactly("FORGED " + COVERED);
    assertThat(notices).isEmpty();
  }

  /// An entry that a lenient reader left out moves all that follow: no bookmark speaks of those.
  @Test
  void logWithAGapIsVerifiedWhole() {
    WrittenLog forged = withForgery(HONEST);
    interrupted(forged, List.of());

    Auditor auditor = audit(without(forged, 17), resumption(false));

    assertThat(kinds(auditor)).containsExactly("FORGED " + COVERED);
  }

  /// A source that calls an entry by the index of a former one: what a bookmark says of that one
  /// does not hold for this.
  @Test
  void entryUnderAFormerIndexIsVerified() {
    interrupted(HONEST, List.of());
    WrittenLog forged = withForgery(HONEST, STOPPED_AT + 1);
    LogSource relabelling =
        reading(
            forged,
            record ->
                Stream.of(
                    record.index() == STOPPED_AT + 1
                        ? new LogRecord(COVERED, record.value())
                        : record));

    assertThat(audit(relabelling, resumption(false)).faults()).isPositive();
  }

  private static LogSource without(WrittenLog log, long gap) {
    return reading(log, record -> Stream.of(record).filter(each -> each.index() != gap));
  }

  private static LogSource reading(WrittenLog log, Function<LogRecord, Stream<LogRecord>> told) {
    return new LogSource() {
      @Override
      public long size() {
        return log.size();
      }

      @Override
      public List<LogRecord> read(long from, int limit) {
        return log.read(from, limit).stream().flatMap(told).toList();
      }

      @Override
      public Tail tail(long from) {
        return log.tail(from);
      }
    };
  }
}
