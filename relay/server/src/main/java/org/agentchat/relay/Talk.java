package org.agentchat.relay;

import java.security.SecureRandom;

/// Chat and what is around it.
///
/// @param texts shared by all that reads large ones
record Talk(Chat chat, ChatDesk desk, LargeTexts texts) {
  static Talk of(Ground ground) {
    RelaySettings settings = ground.settings();
    RelayClock clock = ground.clock();
    Channels channels = ground.channels();
    Directory directory = ground.directory();
    ChatRules rules = settings.chat();
    Callbacks callbacks = new Callbacks(channels, rules.callbacks(), clock);
    Repeats repeats = new Repeats(rules.repeats(), clock);
    LargeTexts texts = new LargeTexts();
    AgeGate gate = new AgeGate(rules.direct().after(), clock);
    Chat chat =
        new Chat(
            directory,
            channels,
            settings,
            clock,
            ground.verifier(),
            callbacks,
            repeats,
            texts,
            gate,
            ground.audit());
    ChatDesk desk =
        new ChatDesk(
            directory,
            channels,
            settings,
            clock,
            new Signals(channels, rules, clock),
            new FileChunks(directory, gate, clock),
            new Verifications(directory, rules.verifications(), clock, ground.verifier()),
            callbacks,
            repeats,
            new IdlePrompts(channels, rules.idle(), clock, new SecureRandom()),
            ground.audit());
    return new Talk(chat, desk, texts);
  }
}
