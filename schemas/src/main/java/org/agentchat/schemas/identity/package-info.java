/// Who speaks: Ed25519 keys, the short names derived from them, and signatures.
///
/// Pure: no files, no network. Private keys live in [Identity] only.
@NullMarked
package org.agentchat.schemas.identity;

import org.jspecify.annotations.NullMarked;
