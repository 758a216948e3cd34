/// The words of a transparency log, after the field's own specifications, so that other people's
/// tools read ours: RFC 6962 hashes and proofs, and C2SP `signed-note`, `tlog-checkpoint`,
/// `tlog-tiles`, `tlog-proof`, `tlog-cosignature` and `tlog-policy`.
///
/// Start reading at [TreeHash], then [InclusionProof], [Prover], [SignedNote], [Checkpoint],
/// [LogProof], [Policy]. Everything here is pure: bytes come in, values and verdicts go out. What a
/// record of this log says is not known here.
@NullMarked
package org.agentchat.tlog;

import org.jspecify.annotations.NullMarked;
