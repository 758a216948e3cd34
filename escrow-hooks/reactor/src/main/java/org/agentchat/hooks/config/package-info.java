/// What an operator writes down: `hooks.yaml`, read strictly, and the hooks that it describes.
///
/// What lives here: reading a file with the place of everything in it, complaints that a person can
/// act on, secrets. What may not: anything that a hook does.
@NullMarked
package org.agentchat.hooks.config;

import org.jspecify.annotations.NullMarked;
