package org.agentchat.akash.docker;

/// An image with the jars that the build left: no shell, no build tool and no file that its user
/// could change, but the folder of what is kept.
public final class Dockerfile {
  private Dockerfile() {}

  /// The text of the file, which is used from the top of the checkout.
  public static String of(ServerSetup setup) {
    return """
    # Made by `agentchat deploy --provider docker --create`: change the command's options instead.
    # From the top of the checkout, after `mvn -B -DskipTests package`:
    #   docker build -t %s -f deploy-akash/docker/Dockerfile .
    FROM %s
    COPY %s %s
    RUN ["install", "-d", "-o", "%d", "-g", "%d", "-m", "0700", "%s"]
    ENV AGENTCHAT_HOME=%s
    USER %d:%d
    VOLUME %s
    EXPOSE %d %d
    STOPSIGNAL SIGTERM
    HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 CMD %s
    ENTRYPOINT %s
    CMD ["serve", "--port", "%d", "--api-port", "%d"]
    """
        .formatted(
            setup.image(),
            ServerSetup.BASE_IMAGE,
            ServerSetup.BUILT,
            ServerSetup.LIB,
            ServerSetup.UID,
            ServerSetup.UID,
            ServerSetup.HOME,
            ServerSetup.HOME,
            ServerSetup.UID,
            ServerSetup.UID,
            ServerSetup.HOME,
            setup.port(),
            setup.apiPort(),
            ServerSetup.array(ServerSetup.probe(setup.relayHealth())),
            ServerSetup.array(ServerSetup.java()),
            setup.port(),
            setup.apiPort());
  }
}
