/// Keys: mnemonic (BIP-39), derivation (BIP-32), signatures (secp256k1), addresses (bech32), and
/// the encrypted file. Secrets are in classes whose text says nothing; no message ever quotes one.
@NullMarked
package org.agentchat.akash.wallet;

import org.jspecify.annotations.NullMarked;
