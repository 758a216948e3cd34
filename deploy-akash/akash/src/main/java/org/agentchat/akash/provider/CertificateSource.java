package org.agentchat.akash.provider;

import java.util.List;
import org.agentchat.akash.wallet.Address;

/// Where a provider's certificates are published: the chain.
@FunctionalInterface
public interface CertificateSource {
  /// The PEM texts of the valid certificates of that owner and serial, in decimal digits.
  List<String> certificates(Address owner, String serial);
}
