package org.agentchat.escrow.chain;

/// A request as it is in the store.
///
/// @param id its number, rising in the order of planning
/// @param request what is wanted
/// @param generation 0 for the first try of its key
/// @param stage how far it is
/// @param version rises with every change, so that two writers notice each other
public record Tracked(long id, Request request, int generation, Stage stage, int version) {
  Tracked at(Stage next) {
    return new Tracked(id, request, generation, next, version + 1);
  }
}
