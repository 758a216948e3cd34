/// Deliveries over HTTP as Standard Webhooks describes them, to targets that nobody vouches for.
@NullMarked
package org.agentchat.hooks.webhook;

import org.jspecify.annotations.NullMarked;
