/// Files that run an AgentChat server on a machine of one's own: a Dockerfile, a docker-compose.yml
/// and a systemd unit, all made of one [ServerSetup]. Texts and nothing else.
@NullMarked
package org.agentchat.akash.docker;

import org.jspecify.annotations.NullMarked;
