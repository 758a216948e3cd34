package org.agentchat.escrow.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.agentchat.escrow.devchain.AnvilBinary;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives each test of a class the same [EscrowChain] as it was after the deployment.
///
/// The contract is the committed one. [MutantIT] runs the same classes with a broken one, named by
/// a configuration parameter.
final class OnChain
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, ParameterResolver {

  /// The parameter that holds another contract's creation code.
  static final String SUBJECT = "escrow.subject";

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
  public void beforeEach(ExtensionContext context) {
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
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == EscrowChain.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return chain;
  }
}
