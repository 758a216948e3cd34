package org.agentchat.akash.docker;

import java.util.List;

/// The all-in-one server as a service of systemd, as closed up as a Java process can be.
public final class SystemdUnit {
  /// As Debian and its relatives put it.
  static final String JAVA = "/usr/bin/java";

  private SystemdUnit() {}

  /// The text of `agentchat.service`.
  public static String of(ServerSetup setup) {
    return """
    # Made by `agentchat deploy --provider docker --create`: change the command's options instead.
    # After `mvn -B -DskipTests package`, as root, from the top of the checkout:
    #   install -d %s && cp %s/* %s/
    #   install -m 0644 deploy-akash/docker/agentchat.service /etc/systemd/system/
    #   systemctl daemon-reload && systemctl enable --now agentchat
    [Unit]
    Description=AgentChat relay and ledger
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=exec
    ExecStart=%s
    # It counts as started when it answers.
    ExecStartPost=%s
    TimeoutStartSec=180
    TimeoutStopSec=60
    SuccessExitStatus=143
    Restart=on-failure
    RestartSec=5
    Environment=AGENTCHAT_HOME=%s
    DynamicUser=yes
    StateDirectory=agentchat
    StateDirectoryMode=0700
    UMask=0077
    ProtectSystem=strict
    ProtectHome=yes
    PrivateTmp=yes
    PrivateDevices=yes
    ProtectKernelTunables=yes
    ProtectKernelModules=yes
    ProtectKernelLogs=yes
    ProtectControlGroups=yes
    ProtectClock=yes
    ProtectHostname=yes
    ProtectProc=invisible
    NoNewPrivileges=yes
    CapabilityBoundingSet=
    RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    LockPersonality=yes
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    LimitNOFILE=65536

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(
            ServerSetup.LIB,
            ServerSetup.BUILT,
            ServerSetup.LIB,
            line(
                ServerSetup.java(
                    "serve",
                    "--port",
                    Integer.toString(setup.port()),
                    "--api-port",
                    Integer.toString(setup.apiPort()))),
            line(ServerSetup.probe("--within", "150", setup.relayHealth())),
            ServerSetup.HOME);
  }

  private static String line(List<String> words) {
    return JAVA + " " + String.join(" ", words.subList(1, words.size()));
  }
}
