package org.agentchat.relay;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.agentchat.schemas.statement.Statement;
import tools.jackson.databind.JsonNode;

/// Finds what looks like a secret in text (protocol.md section 8.5). Only the form counts: the
/// relay's own secrets are not looked for, since a reader could then guess them one by one.
///
/// Every pattern takes time in proportion to the text, whatever the text is.
final class Secrets {
  private record Form(String name, Pattern pattern, String replacement) {
    static Form of(String name, String regex) {
      return new Form(name, Pattern.compile(regex), "[REDACTED:" + name + "]");
    }
  }

  private static final String WORD = "[a-zA-Z0-9_-]";

  /// In the protocol's order. A token of the form `eyJ..` is looked for once a word, from the first
  /// `eyJ` in it: when that fails, so do the later ones, and trying each would take quadratic time.
  private static final List<Form> FORMS =
      List.of(
          Form.of("anthropic_api_key", "sk-ant-[a-zA-Z0-9_-]{20,}+"),
          Form.of("openai_api_key", "sk-[a-zA-Z0-9]{20,}+"),
          Form.of("github_pat", "ghp_[a-zA-Z0-9]{36}"),
          Form.of("github_pat_fine", "github_pat_[a-zA-Z0-9_]{22,}+"),
          Form.of("github_oauth", "gho_[a-zA-Z0-9]{36}"),
          Form.of("aws_access_key", "AKIA[A-Z0-9]{16}"),
          Form.of(
              "aws_secret_key",
              "(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY)['\"=:\\s]+([A-Za-z0-9/+=]{40})"),
          Form.of("slack_token", "xox[bpaors]-[a-zA-Z0-9-]{10,}+"),
          Form.of("stripe_key", "[sr]k_(live|test)_[a-zA-Z0-9]{20,}+"),
          Form.of("google_api_key", "AIza[a-zA-Z0-9_-]{35}"),
          new Form(
              "jwt",
              Pattern.compile(
                  "(?<!WORD)(?>(WORD*?)eyJ)WORD{10,}+\\.eyJWORD{10,}+\\.WORD{10,}+"
                      .replace("WORD", WORD)),
              "$1[REDACTED:jwt]"),
          Form.of(
              "generic_secret",
              "(?:api_key|apikey|secret|token|password|credential|auth)['\"]?\\s*+[:=]\\s*+['\"]"
                  + "([a-zA-Z0-9_\\-/+=]{16,}+)['\"]"));

  private Secrets() {}

  /// The text with every secret replaced by `[REDACTED:name]`.
  static String redact(String text) {
    String clean = text;
    for (Form form : FORMS) {
      clean = form.pattern().matcher(clean).replaceAll(form.replacement());
    }
    return clean;
  }

  /// The name of the first form that the text holds.
  static Optional<String> find(String text) {
    return FORMS.stream()
        .filter(form -> form.pattern().matcher(text).find())
        .map(Form::name)
        .findFirst();
  }

  /// Why a signed text is refused, or empty when it holds no secret. It cannot be redacted: the
  /// signature would no longer fit.
  ///
  /// @param field what the text is called on the wire
  static Optional<String> refusal(String field, String text) {
    return find(text)
        .map(name ->
            field + " holds a secret (" + name + "): a signed text is not redacted, remove it");
  }

  /// Why a statement is refused, or empty when none of its texts holds a secret: the log keeps all
  /// of them for ever.
  static Optional<String> refusal(Statement statement) {
    return statement.frame().properties().stream()
        .flatMap(field -> refusal(field.getKey(), field.getValue()).stream())
        .findFirst();
  }

  /// Looks at every text in it, not at the JSON that it is written in: there a quotation mark is
  /// two characters, and a secret between two of them has another form.
  private static Optional<String> refusal(String field, JsonNode value) {
    if (value.isString()) {
      return refusal(field, value.stringValue());
    }
    return value.valueStream().flatMap(part -> refusal(field, part).stream()).findFirst();
  }
}
