import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import javax.net.ssl.SSLEngine;

/** A TLS server whose key is in the token; a client with a trust store of its own. */
final class Tls {
  private static final int TIMEOUT_MS = 60_000;

  private final Token token;

  Tls(Token token) {
    this.token = token;
  }

  void run() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      for (String alias : List.of("seal-rsa", "seal-ec")) handshake(version, alias);
    }
  }

  /** The token's key manager, bound to one key. */
  private KeyManager manager(String alias) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(token.keys, null);
    X509ExtendedKeyManager all = (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    String type = token.publicKey(alias).getAlgorithm();
    return new X509ExtendedKeyManager() {
      @Override
      public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return keyType.equals(type) ? alias : null;
      }

      @Override
      public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
      }

      @Override
      public X509Certificate[] getCertificateChain(String name) {
        return all.getCertificateChain(name);
      }

      @Override
      public PrivateKey getPrivateKey(String name) {
        return all.getPrivateKey(name);
      }

      @Override
      public String[] getServerAliases(String keyType, Principal[] issuers) {
        return all.getServerAliases(keyType, issuers);
      }

      @Override
      public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
      }

      @Override
      public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
      }
    };
  }

  private SSLContext client(String alias) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    // The trial certificates are for seals: the leaf itself is trusted, so that no chain is asked for its usage.
    try (FileInputStream in = new FileInputStream(alias + ".pem")) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      trusted.setCertificateEntry(alias, certificate);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private void handshake(String version, String alias) throws Exception {
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(new KeyManager[] {manager(alias)}, null, null);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, here)) {
      listener.setSoTimeout(TIMEOUT_MS);
      CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answerOne(listener));
      try (SSLSocket socket = (SSLSocket) client(alias).getSocketFactory().createSocket(here, listener.getLocalPort())) {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setEnabledProtocols(new String[] {version});
        socket.getOutputStream().write('?');
        Token.check(socket.getInputStream().read() == '!', "the server's answer");
        SSLSession session = socket.getSession();
        Token.check(session.getProtocol().equals(version), "the protocol is " + session.getProtocol());
        Token.check(session.getPeerCertificates()[0].getPublicKey().equals(token.publicKey(alias)), "the server's key");
        System.out.println("  " + version + " with " + alias + ", " + session.getCipherSuite());
      }
      answered.get();
    }
  }

  private static void answerOne(SSLServerSocket listener) {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getInputStream().read();
      socket.getOutputStream().write('!');
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
