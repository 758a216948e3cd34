package org.agentchat.akash.tx;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import org.agentchat.akash.messages.Account;
import org.agentchat.akash.messages.Deposit;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.messages.MsgAccountDeposit;
import org.agentchat.akash.messages.MsgCloseDeployment;
import org.agentchat.akash.messages.MsgCreateDeployment;
import org.agentchat.akash.messages.MsgCreateLease;
import org.agentchat.akash.messages.MsgMintACT;
import org.agentchat.akash.messages.MsgUpdateDeployment;
import org.agentchat.akash.messages.Scope;
import org.agentchat.akash.messages.Source;
import org.agentchat.akash.wallet.Address;

/// What the owner of a wallet may tell the chain to do.
public sealed interface Order {
  /// Burns AKT; the ACT for it is paid out after an epoch of at least ten blocks.
  record MintAct(Address owner, Coin burned) implements Order {}

  /// Opens a deployment; the deposit leaves the wallet's balance and what is not used comes back.
  ///
  /// @param manifestHash 32 bytes
  /// @param sources where the deposit may come from, tried in this order
  record CreateDeployment(
      DeploymentId id,
      List<GroupSpec> groups,
      ByteString manifestHash,
      Coin deposit,
      List<Source> sources)
      implements Order {
    public CreateDeployment {
      groups = List.copyOf(groups);
      sources = List.copyOf(sources);
    }
  }

  /// Accepts a bid.
  record CreateLease(BidId bid) implements Order {}

  /// Announces another manifest for the same resources.
  record UpdateDeployment(DeploymentId id, ByteString manifestHash) implements Order {}

  /// Adds to a deployment's deposit.
  record TopUp(DeploymentId id, Coin deposit) implements Order {}

  /// Ends a deployment with its leases; the rest of the deposit comes back.
  record CloseDeployment(DeploymentId id) implements Order {}

  /// What leaves the wallet when the order is carried out, fee apart; empty if nothing does.
  default List<Coin> moves() {
    return switch (this) {
      case MintAct mint -> List.of(mint.burned());
      case CreateDeployment create -> List.of(create.deposit());
      case TopUp more -> List.of(more.deposit());
      case CreateLease _, UpdateDeployment _, CloseDeployment _ -> List.of();
    };
  }

  /// For a transaction's body; the type's URL is its name with a slash before it.
  default Any message() {
    return Any.pack(body(), "");
  }

  private Message body() {
    return switch (this) {
      case MintAct(Address owner, Coin burned) ->
          MsgMintACT.newBuilder()
              .setOwner(owner.text())
              .setTo(owner.text())
              .setCoinsToBurn(burned.message())
              .build();
      case CreateDeployment(
              DeploymentId id,
              List<GroupSpec> groups,
              ByteString hash,
              Coin deposit,
              List<Source> sources) ->
          MsgCreateDeployment.newBuilder()
              .setId(id.message())
              .addAllGroups(groups)
              .setHash(hash)
              .setDeposit(deposit(deposit, sources))
              .build();
      case CreateLease(BidId bid) -> MsgCreateLease.newBuilder().setBidId(bid.message()).build();
      case UpdateDeployment(DeploymentId id, ByteString hash) ->
          MsgUpdateDeployment.newBuilder().setId(id.message()).setHash(hash).build();
      case TopUp(DeploymentId id, Coin deposit) ->
          MsgAccountDeposit.newBuilder()
              .setSigner(id.owner().text())
              .setId(Account.newBuilder().setScope(Scope.SCOPE_DEPLOYMENT).setXid(id.toString()))
              .setDeposit(deposit(deposit, List.of(Source.SOURCE_BALANCE)))
              .build();
      case CloseDeployment(DeploymentId id) ->
          MsgCloseDeployment.newBuilder().setId(id.message()).build();
    };
  }

  private static Deposit deposit(Coin amount, List<Source> sources) {
    return Deposit.newBuilder().setAmount(amount.message()).addAllSources(sources).build();
  }
}
