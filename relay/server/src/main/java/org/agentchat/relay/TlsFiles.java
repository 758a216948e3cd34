package org.agentchat.relay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate chain and its key, both PEM files as certificate tools write them.
///
/// @param certificates the server's certificate, then its issuers (RFC 7468 `CERTIFICATE`)
/// @param key PKCS#8 (`PRIVATE KEY`): RSA, EC or Ed25519
public record TlsFiles(Path certificates, Path key) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /// A TLS context that serves this certificate.
  ///
  /// @throws IOException naming the file that cannot be read or used; never quoting the key
  SSLContext context() throws IOException {
    char[] password = new char[0];
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      PrivateKey own = privateKey();
      Certificate[] chain = chain();
      requirePair(own, chain[0]);
      store.setKeyEntry("relay", own, password, chain);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "cannot serve TLS with " + certificates + " and " + key + ": " + e.getMessage(), e);
    }
  }

  /// Java would serve any two, and every client would turn away.
  private void requirePair(PrivateKey own, Certificate certificate)
      throws IOException, GeneralSecurityException {
    byte[] probe = {1};
    Signature signature = Signature.getInstance(signatureOf(own));
    signature.initSign(own);
    signature.update(probe);
    byte[] signed = signature.sign();
    try {
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      if (signature.verify(signed)) {
        return;
      }
    } catch (InvalidKeyException | SignatureException _) {
      // A key of another kind.
    }
    throw new IOException(
        "the key in " + key + " does not belong to the certificate in " + certificates);
  }

  private static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }

  private Certificate[] chain() throws IOException, GeneralSecurityException {
    byte[] pem = Files.readAllBytes(certificates);
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))
            .toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new IOException("no certificate in " + certificates);
    }
    return chain;
  }

  private PrivateKey privateKey() throws IOException, GeneralSecurityException {
    String pem = Files.readString(key, StandardCharsets.US_ASCII);
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("no PKCS#8 key (" + BEGIN + ") in " + key);
    }
    String body = pem.substring(begin + BEGIN.length(), end);
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // The file does not say which algorithm it is for: the next one may fit.
      }
    }
    throw new IOException("the key in " + key + " is neither EC, RSA nor Ed25519");
  }
}
