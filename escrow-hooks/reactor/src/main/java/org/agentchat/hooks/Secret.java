package org.agentchat.hooks;

/// A text that is shown to nobody: neither by [#toString], nor in a complaint.
public final class Secret {
  private final String text;
  private final String source;

  /// @param source where it came from, for complaints
  public Secret(String text, String source) {
    this.text = text;
    this.source = source;
  }

  /// The text itself.
  public String reveal() {
    return text;
  }

  /// Where it came from, for example `the file /etc/agentchat/billing.secret`.
  public String source() {
    return source;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
