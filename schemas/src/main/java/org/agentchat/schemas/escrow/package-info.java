/// Money in a contract on an EVM chain, as far as statements speak of it: what is agreed, which
/// wallet is whose, and the hashes (EIP-712) by which the contract and the log mean the same deal.
///
/// Start reading at [EscrowTerms], then [EscrowAgreement], [WalletBinding], [Eip712]. Nothing here
/// talks to a chain: what happened there, somebody has to say.
@NullMarked
package org.agentchat.schemas.escrow;

import org.jspecify.annotations.NullMarked;
