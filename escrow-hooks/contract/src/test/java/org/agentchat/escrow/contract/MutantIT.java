package org.agentchat.escrow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Whether the tests would notice. Each [Mutant] of the contract goes through the very same test
/// classes, which must fail; the contract as it is, compiled in the same way, must pass.
final class MutantIT {

  /// The fastest first, because the first failure ends a mutant's run.
  private static final List<Class<?>> SUITE =
      List.of(
          TermsIT.class,
          SignatureIT.class,
          HostileIT.class,
          RightsIT.class,
          LifecycleIT.class,
          FuzzIT.class);

  private static final String ORIGINAL = "original";

  private static LauncherSession session;
  private static Map<String, String> codes;

  @BeforeAll
  static void compileAll() throws Exception {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    if (!Solidity.isHere()) {
      System.err.println(Solidity.MISSING);
    }
    assumeTrue(Solidity.isHere(), Solidity.MISSING);
    String source = Files.readString(ArtifactIT.SOURCE);
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(ORIGINAL, source);
    for (Mutant mutant : Mutant.values()) {
      sources.put(mutant.name(), mutant.applyTo(source));
    }
    try (Solidity solidity = Solidity.start()) {
      codes = solidity.compileMutants(sources, "AgentEscrow");
    }
    session = LauncherFactory.openSession();
  }

  @AfterAll
  static void closeSession() {
    if (session != null) {
      session.close();
    }
  }

  @Test
  void originalPassesWhatMutantsMustFail() {
    TestExecutionSummary summary = run(codes.get(ORIGINAL));
    assertThat(summary.getTestsFailedCount()).as(() -> words(summary)).isZero();
    assertThat(summary.getContainersFailedCount()).as(() -> words(summary)).isZero();
    assertThat(summary.getTestsSucceededCount()).isGreaterThan(90);
  }

  @ParameterizedTest
  @EnumSource
  void mutantIsCaught(Mutant mutant) {
    TestExecutionSummary summary = run(codes.get(mutant.name()));
    assertThat(summary.getFailures()).as("failures with %s", mutant).isNotEmpty();
    TestExecutionSummary.Failure first = summary.getFailures().getFirst();
    assertThat(first.getException())
        .as("%s must fail by what it does, not by what the test does", mutant)
        .isInstanceOf(AssertionError.class);
    System.out.printf(
        "%s: caught by %s%n", mutant, first.getTestIdentifier().getLegacyReportingName());
  }

  private static TestExecutionSummary run(String creationCode) {
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .configurationParameter(OnChain.SUBJECT, creationCode);
    SUITE.forEach(tests -> request.selectors(selectClass(tests)));
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    session.getLauncher().execute(request.build(), listener);
    return listener.getSummary();
  }

  private static String words(TestExecutionSummary summary) {
    StringWriter words = new StringWriter();
    summary.printFailuresTo(new PrintWriter(words));
    return words.toString();
  }
}
