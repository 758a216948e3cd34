package org.agentchat.akash.provider;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;

/// Believes in one provider: by the usual authorities and its host name, or else by a certificate
/// that it signed itself, with its address as common name, and published on the chain byte for
/// byte.
final class ProviderIdentity extends X509ExtendedTrustManager {
  private final Address provider;
  private final CertificateSource published;
  private final X509ExtendedTrustManager authorities;

  ProviderIdentity(Address provider, CertificateSource published) {
    this.provider = provider;
    this.published = published;
    this.authorities = systemAuthorities();
  }

  private static X509ExtendedTrustManager systemAuthorities() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((@Nullable KeyStore) null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no certificate authorities", e);
    }
    throw new IllegalStateException("this Java has no certificate authorities");
  }

  /// A context that believes in nobody else.
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {this}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      authorities.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      requirePublished(chain[0], e);
    }
  }

  /// The certificate is the provider's own and the chain has the same bytes.
  private void requirePublished(X509Certificate certificate, CertificateException because)
      throws CertificateException {
    if (!certificate.getSubjectX500Principal().getName().equals("CN=" + provider)) {
      throw new CertificateException(
          "the certificate is neither trusted by an authority nor of " + provider, because);
    }
    certificate.checkValidity();
    requireSelfSigned(certificate);
    String serial = certificate.getSerialNumber().toString();
    for (String pem : published(serial)) {
      if (Arrays.equals(encoded(pem), certificate.getEncoded())) {
        return;
      }
    }
    throw new CertificateException(
        "the chain does not have this certificate (serial %s) of %s".formatted(serial, provider));
  }

  private List<String> published(String serial) throws NobodyKnows {
    try {
      return published.certificates(provider, serial);
    } catch (NodeException e) {
      throw new NobodyKnows(e);
    }
  }

  /// The chain cannot be asked, so the certificate is neither right nor wrong.
  static final class NobodyKnows extends CertificateException {
    private static final long serialVersionUID = 1L;

    private NobodyKnows(NodeException cause) {
      super("the chain cannot be asked about the certificate: " + cause.getMessage(), cause);
    }
  }

  private static void requireSelfSigned(X509Certificate certificate) throws CertificateException {
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the certificate is not signed by itself", e);
    }
  }

  private static byte[] encoded(String pem) throws CertificateException {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .getEncoded();
    } catch (CertificateEncodingException e) {
      throw new CertificateException("the certificate on the chain has no bytes", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("only the HTTP client asks, and it has an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("without a host name nothing is believed");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noClients();
  }

  private static CertificateException noClients() {
    return new CertificateException("this side has no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return List.<X509Certificate>of().toArray(new X509Certificate[0]);
  }
}
