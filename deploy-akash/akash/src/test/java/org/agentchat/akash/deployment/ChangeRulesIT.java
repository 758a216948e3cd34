package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.agentchat.akash.chain.Account;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Simulation;
import org.agentchat.akash.messages.Deposit;
import org.agentchat.akash.messages.MsgAccountDeposit;
import org.agentchat.akash.messages.Scope;
import org.agentchat.akash.messages.Source;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Draft;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.tx.SignedTransaction;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;
import org.agentchat.akash.wallet.Mnemonic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the simulated network itself refuses of top-ups and updates, whoever sends them: our own
/// checks are not what the scenarios rest on.
final class ChangeRulesIT {
  private static final AccountKey STRANGER =
      AccountKey.of(
          Mnemonic.parse(
              "legal winner thank year wave sausage worth useful legal winner thank yellow"));

  @TempDir private Path home;
  private Stage stage;
  private ChainClient chain;
  private DeploymentRecord record;
  private DeploymentId id;

  @BeforeEach
  void begin() {
    stage = new Stage(home).funded();
    stage.akash.provider("12", 1);
    stage.akash.fund(STRANGER.address().text(), 1_000_000, 5_000_000);
    chain = stage.chain();
    record = stage.run(Stage.plan());
    id = record.id().orElseThrow();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  private String refusal(AccountKey key, Any message) {
    Account account = chain.account(key.address()).orElseThrow();
    Draft draft = new Draft(message, "", 0, Coin.uakt(0), account.sequence(), 0);
    return chain.simulate(draft.unsigned(key)) instanceof Simulation.Refused(String reason)
        ? reason
        : "it would be done";
  }

  private String refusal(Order order) {
    return refusal(Stage.KEY, order.message());
  }

  private static Any deposit(AccountKey signer, Scope scope, String xid, Coin coin) {
    return Any.pack(
        MsgAccountDeposit.newBuilder()
            .setSigner(signer.address().text())
            .setId(org.agentchat.akash.messages.Account.newBuilder().setScope(scope).setXid(xid))
            .setDeposit(
                Deposit.newBuilder()
                    .setAmount(
                        org.agentchat.akash.messages.Coin.newBuilder()
                            .setDenom(coin.denom())
                            .setAmount(Long.toString(coin.amount())))
                    .addSources(Source.SOURCE_BALANCE))
            .build(),
        "");
  }

  @Test
  void topUpsThatTheNetworkDoesNotTake() {
    Coin some = Coin.uact(1_000);
    Address owner = Stage.KEY.address();
    String xid = id.toString();
    assertThat(refusal(new Order.TopUp(id, some))).isEqualTo("it would be done");
    assertThat(refusal(new Order.TopUp(new DeploymentId(owner, id.dseq() + 1), some)))
        .startsWith("account not found");
    assertThat(refusal(new Order.TopUp(id, Coin.uact(15_000_001))))
        .startsWith("insufficient balance: invalid deposit");
    assertThat(refusal(new Order.TopUp(id, Coin.uakt(1_000)))).contains("denom uakt is not uact");
    assertThat(refusal(new Order.TopUp(id, Coin.uact(0)))).contains("0uact < 1uact");
    assertThat(refusal(Stage.KEY, deposit(Stage.KEY, Scope.SCOPE_BID, xid, some)))
        .startsWith("invalid ID");
    assertThat(refusal(Stage.KEY, deposit(Stage.KEY, Scope.SCOPE_DEPLOYMENT, "7", some)))
        .startsWith("invalid ID");
    assertThat(refusal(STRANGER, deposit(Stage.KEY, Scope.SCOPE_DEPLOYMENT, xid, some)))
        .contains("did not sign: unauthorized");
    assertThat(refusal(STRANGER, deposit(STRANGER, Scope.SCOPE_DEPLOYMENT, xid, some)))
        .contains("did not sign: unauthorized");
    stage.closeDeployment(id.dseq());
    assertThat(refusal(new Order.TopUp(id, some))).startsWith("account closed");
  }

  @Test
  void updatesThatTheNetworkDoesNotTake() {
    ByteString present = chain.deployment(id).orElseThrow().manifestHash();
    ByteString other = Manifest.of(SdlReader.read(Stage.newSdl("1.5.0"))).hash();
    Order update = new Order.UpdateDeployment(id, other);
    assertThat(refusal(update)).isEqualTo("it would be done");
    assertThat(refusal(new Order.UpdateDeployment(id, present)))
        .startsWith("Invalid: deployment hash");
    assertThat(refusal(new Order.UpdateDeployment(id, other.substring(1))))
        .startsWith("Invalid: deployment hash");
    assertThat(refusal(new Order.UpdateDeployment(id, ByteString.EMPTY)))
        .startsWith("Invalid: empty hash");
    assertThat(
            refusal(new Order.UpdateDeployment(new DeploymentId(id.owner(), id.dseq() + 1), other)))
        .startsWith("Deployment not found");
    assertThat(refusal(STRANGER, update.message())).contains("did not sign: unauthorized");
    stage.closeDeployment(id.dseq());
    assertThat(refusal(update)).startsWith("Deployment closed");
  }

  /// The chain sees a hash only; the provider sees what the manifest asks for.
  @Test
  void providerRefusesAManifestOfOtherResourcesAndOneOfAnotherHash() {
    Manifest larger =
        Manifest.of(SdlReader.read(Stage.newSdl("1.5.0").replace("size: 512Mi", "size: 1Gi")));
    assertThat(send(larger)).isInstanceOf(ManifestAnswer.Refused.class);
    announce(larger);
    assertThat(send(larger)).asString().contains("answers 422");
    assertThat(send(Manifest.of(SdlReader.read(Stage.newSdl("1.5.0"))))).asString().contains("422");
    Manifest same = Manifest.of(SdlReader.read(Stage.newSdl("1.6.0")));
    announce(same);
    assertThat(send(same)).isInstanceOf(ManifestAnswer.Taken.class);
  }

  private void announce(Manifest manifest) {
    Account account = chain.account(Stage.KEY.address()).orElseThrow();
    SignedTransaction transaction =
        new Draft(
                new Order.UpdateDeployment(id, manifest.hash()).message(),
                "",
                200_000,
                Coin.uakt(5_000),
                account.sequence(),
                0)
            .sign(Stage.KEY, "sandbox-2", account.number());
    chain.broadcast(transaction.bytes());
    while (chain.transaction(transaction.hash()).isEmpty()) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(chain.transaction(transaction.hash()).orElseThrow().isDone()).isTrue();
  }

  private ManifestAnswer send(Manifest manifest) {
    try (Providers providers =
        new Providers(chain, Stage.KEY, Clock.systemUTC(), Duration.ofSeconds(20))) {
      return providers.of(record.leases().getFirst().provider()).send(id.dseq(), manifest.json());
    }
  }
}
