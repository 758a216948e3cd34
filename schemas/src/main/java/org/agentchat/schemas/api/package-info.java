/// How the interfaces of the product are described to machines: the AsyncAPI document, made of the
/// JSON Schemas. May not: know anything that the schemas do not say.
@NullMarked
package org.agentchat.schemas.api;

import org.jspecify.annotations.NullMarked;
