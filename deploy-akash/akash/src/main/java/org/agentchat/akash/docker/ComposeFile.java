package org.agentchat.akash.docker;

/// Relay, ledger, Kafka and PostgreSQL, each in a container of its own. All run as somebody who is
/// not root, on a root that is read-only, with volumes for what is kept.
public final class ComposeFile {
  private ComposeFile() {}

  /// The text of `docker-compose.yml`, which is used from the top of the checkout.
  public static String of(ServerSetup setup) {
    return """
    # Made by `agentchat deploy --provider docker --create`: change the command's options instead.
    # From the top of the checkout, after `mvn -B -DskipTests package`:
    #   POSTGRES_PASSWORD=... docker compose -f deploy-akash/docker/docker-compose.yml up --build
    services:
    """
        + kafka()
        + postgres()
        + relay(setup)
        + ledger(setup)
        + """
        volumes:
          kafka:
          postgres:
          relay:
          ledger:
        """;
  }

  private static String hardened(String tmpfs) {
    return """
        read_only: true
        cap_drop: [ALL]
        security_opt: ["no-new-privileges:true"]
        restart: unless-stopped
        tmpfs: %s
    """
        .formatted(tmpfs);
  }

  private static String check(String command, String start) {
    return """
        healthcheck:
          test: %s
          interval: 30s
          timeout: 10s
          retries: 3
          start_period: %s
    """
        .formatted(command, start);
  }

  private static String kafka() {
    return """
      kafka:
        image: %s
        user: "1000:1000"
        environment:
          KAFKA_NODE_ID: "1"
          KAFKA_PROCESS_ROLES: broker,controller
          KAFKA_LISTENERS: PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093
          KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%s
          KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER
          KAFKA_CONTROLLER_QUORUM_VOTERS: 1@127.0.0.1:9093
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
          KAFKA_LOG_DIRS: /var/lib/kafka/data
          KAFKA_LOG_FLUSH_INTERVAL_MESSAGES: "1"
          KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1"
          KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1"
          KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1"
        volumes: ["kafka:/var/lib/kafka/data"]
    """
            .formatted(ServerSetup.KAFKA_IMAGE, ServerSetup.KAFKA)
        + hardened(
            "[\"/tmp:mode=1777,size=64m\", \"/opt/kafka/logs:uid=1000,size=64m\","
                + " \"/opt/kafka/config:uid=1000,size=1m\"]")
        + check(
            "[\"CMD\", \"/opt/kafka/bin/kafka-broker-api-versions.sh\", \"--bootstrap-server\","
                + " \"127.0.0.1:9092\"]",
            "60s");
  }

  private static String postgres() {
    return """
      postgres:
        image: %s
        user: "999:999"
        environment:
          POSTGRES_DB: agentchat
          POSTGRES_USER: agentchat
          POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?a password for the database is wanted}
        volumes: ["postgres:/var/lib/postgresql/data"]
    """
            .formatted(ServerSetup.POSTGRES_IMAGE)
        + hardened("[\"/tmp:mode=1777,size=64m\", \"/var/run/postgresql:uid=999,size=1m\"]")
        + check("[\"CMD\", \"pg_isready\", \"-U\", \"agentchat\"]", "60s");
  }

  private static String ours(ServerSetup setup, String command, String volume, int port) {
    return """
        image: %s
        build:
          context: ../..
          dockerfile: deploy-akash/docker/Dockerfile
        command: %s
        user: "%d:%d"
        volumes: ["%s:%s"]
        ports: ["%d:%d"]
    """
            .formatted(
                setup.image(),
                command,
                ServerSetup.UID,
                ServerSetup.UID,
                volume,
                ServerSetup.HOME,
                port,
                port)
        // Libraries of Kafka and of databases are unpacked there and loaded.
        + hardened("[\"/tmp:mode=1777,size=64m,exec\"]");
  }

  private static String probe(String url) {
    return "[\"CMD\", " + ServerSetup.array(ServerSetup.probe(url)).substring(1);
  }

  private static String relay(ServerSetup setup) {
    return "  relay:\n"
        + ours(
            setup,
            "[\"serve\", \"relay\", \"--kafka\", \"%s\", \"--port\", \"%d\"]"
                .formatted(ServerSetup.KAFKA, setup.port()),
            "relay",
            setup.port())
        + """
            depends_on:
              kafka: {condition: service_healthy}
        """
        + check(probe(setup.relayHealth()), "120s");
  }

  private static String ledger(ServerSetup setup) {
    return "  ledger:\n"
        + ours(
            setup,
            "[\"serve\", \"ledger\", \"--kafka\", \"%s\", \"--api-port\", \"%d\"]"
                .formatted(ServerSetup.KAFKA, setup.apiPort()),
            "ledger",
            setup.apiPort())
        + """
            environment:
              AGENTCHAT_DB: jdbc:postgresql://postgres/agentchat?user=agentchat&password=${POSTGRES_PASSWORD:?}
            depends_on:
              kafka: {condition: service_healthy}
              postgres: {condition: service_healthy}
        """
        + check(probe(setup.ledgerHealth()), "120s");
  }
}
