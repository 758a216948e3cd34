/// What a file proves to a stranger who has nothing but a policy: a receipt, a rating certificate,
/// a history of all that names an agent.
///
/// [FileVerifier] knows the kinds of files. For receipts, start reading at [ReceiptVerifier], then
/// [LegReader], [KeyChain], [DealCheck], [ClaimCheck], [MoneyCheck], [CheckpointCheck],
/// [Conclusion]: the order in which a file is checked. For ratings, at [RatingCertificateVerifier],
/// then [AgentHistoryVerifier] and [HistoryWalk].
///
/// Pure: a file and a policy come in, a [Verification] goes out. Nothing is folded here, so what
/// only a fold knows, above all ratings, is never called proved.
@NullMarked
package org.agentchat.receipt;

import org.jspecify.annotations.NullMarked;
