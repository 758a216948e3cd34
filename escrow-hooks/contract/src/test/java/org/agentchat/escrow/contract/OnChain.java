package org.agentchat.escrow.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.agentchat.escrow.devchain.AnvilBinary;
import org.junit.jupiter.api.extension.AfterAllCallback;
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
/// The contract is the committed one. [MutantIT] runs the same classes with a broken one, named by
/// a configuration parameter.
final class OnChain
    implements BeforeAllCallback,
        TestInstancePreConstructCallback,
        AfterAllCallback,
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
    chain =
        EscrowChain.start(
            context.getConfigurationParameter(SUBJECT).orElseGet(AgentEscrow::creationCode));
    snapshot = chain.anvil().snapshot();
  }

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext instance, ExtensionContext context) {
    chain.revert(snapshot, EscrowChain.START);
    snapshot = chain.anvil().snapshot();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (chain != null) {
      chain.close();
    }
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
