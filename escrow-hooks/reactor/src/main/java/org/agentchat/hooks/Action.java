package org.agentchat.hooks;

/// Something that a hook is to do once. It becomes an [Intent] when it is recorded.
///
/// @param key names the action for ever, among those of all hooks: what is recorded under it
///   already is not planned again. It follows from the log alone
/// @param lane actions of one hook in the same lane are done one after another, in the order of the
///   log; different lanes do not wait for each other. Mostly the proposal's id
/// @param event what it is about, in one word, for people
/// @param payload what the handler wants to know, JSON
public record Action(String key, String lane, String event, String payload) {
  /// Longest key or lane, in characters.
  public static final int MAX_KEY_CHARS = 512;

  /// @throws IllegalArgumentException if a name is empty or too long
  public Action {
    requireName("key", key);
    requireName("lane", lane);
    requireName("event", event);
  }

  private static void requireName(String what, String name) {
    if (name.isEmpty() || name.length() > MAX_KEY_CHARS) {
      throw new IllegalArgumentException(
          "%s: 1 to %d characters wanted, found %d".formatted(what, MAX_KEY_CHARS, name.length()));
    }
  }
}
