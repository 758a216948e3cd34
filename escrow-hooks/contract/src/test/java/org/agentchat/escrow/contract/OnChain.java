package org.agentchat.escrow.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.extension.TestWatcher;

/// Gives each test of a class the same [EscrowChain] as it was after the deployment.
///
/// The contract is the committed one. [MutantIT] runs the same classes with a broken one, given by
/// a configuration parameter; then the first failure ends the whole run, for that is all that is
/// asked.
final class OnChain
    implements BeforeAllCallback,
        TestInstancePreConstructCallback,
        ParameterResolver,
        ExecutionCondition,
        TestWatcher {

  /// The parameter that holds another contract's creation code.
  static final String SUBJECT = "escrow.subject";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(OnChain.class);

  private static final String CAUGHT = "caught";

  private EscrowChain chain;
  private String snapshot;

  @Override
  public void beforeAll(ExtensionContext context) {
    if (AnvilBinary.find().isEmpty()) {
      System.err.println("######## THE CONTRACT IS NOT TESTED: " + AnvilBinary.MISSING);
    }
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    ExtensionContext.Store session =
        context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE);
    Fresh fresh = session.getOrComputeIfAbsent(Fresh.class, _ -> Fresh.start(), Fresh.class);
    fresh.restore();
    chain =
        new EscrowChain(
            fresh.anvil,
            context.getConfigurationParameter(SUBJECT).orElseGet(AgentEscrow::creationCode));
    snapshot = chain.anvil().snapshot();
  }

  /// One anvil for all classes of a session; it stops at the session's end.
  private static final class Fresh implements AutoCloseable {

    private final Anvil anvil;
    private String snapshot;

    private Fresh(Anvil anvil) {
      this.anvil = anvil;
      this.snapshot = anvil.snapshot();
    }

    private static Fresh start() {
      return new Fresh(EscrowChain.startAnvil());
    }

    private void restore() {
      anvil.revert(snapshot);
      snapshot = anvil.snapshot();
    }

    @Override
    public void close() {
      anvil.close();
    }
  }

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext instance, ExtensionContext context) {
    chain.revert(snapshot, EscrowChain.START);
    snapshot = chain.anvil().snapshot();
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    if (context.getConfigurationParameter(SUBJECT).isPresent()) {
      context.getRoot().getStore(NAMESPACE).put(CAUGHT, true);
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context.getRoot().getStore(NAMESPACE).get(CAUGHT) == null
        ? ConditionEvaluationResult.enabled("nothing has failed yet")
        : ConditionEvaluationResult.disabled("the mutant was caught before");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == EscrowChain.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return chain;
  }
}
