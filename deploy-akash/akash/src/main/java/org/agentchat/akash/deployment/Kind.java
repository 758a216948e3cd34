package org.agentchat.akash.deployment;

import org.agentchat.akash.tx.Order;

/// What a transaction of a deployment is for.
public enum Kind {
  MINT,
  CREATE,
  LEASE,
  UPDATE,
  TOP_UP,
  CLOSE;

  static Kind of(Order order) {
    return switch (order) {
      case Order.MintAct _ -> MINT;
      case Order.CreateDeployment _ -> CREATE;
      case Order.CreateLease _ -> LEASE;
      case Order.UpdateDeployment _ -> UPDATE;
      case Order.TopUp _ -> TOP_UP;
      case Order.CloseDeployment _ -> CLOSE;
    };
  }
}
