package org.agentchat.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Terms as strangers write them.
final class DealTermsTest {
  private static final String CEILING = Bazaar.terms(Bazaar.SDL, 6_000_000, "24h");

  private static String ofPlacements(int count) {
    String placements =
        IntStream.range(0, count)
            .mapToObj(
                i -> "    p%02d: {pricing: {web: {denom: uact, amount: 10000}}}\n".formatted(i))
            .collect(Collectors.joining());
    String rollouts =
        IntStream.range(0, count)
            .mapToObj(i -> "    p%02d: {profile: web, count: 1}\n".formatted(i))
            .collect(Collectors.joining());
    int placement = Bazaar.SDL.indexOf("    dcloud:");
    return Bazaar.SDL.substring(0, placement) + placements + "deployment:\n  web:\n" + rollouts;
  }

  @Test
  void asManyPlacementsAreTakenAsAStatementNamesLeases() {
    assertThat(DealTerms.read(Bazaar.terms(ofPlacements(20), 6_000_000, "24h")).ceiling())
        .isEqualTo(6_000_000);
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(ofPlacements(21), 6_000_000, "24h")))
        .isInstanceOf(UnusableTermsException.class)
        .hasMessage("terms.sdl: at most 20 placements wanted, found 21");
  }

  @Test
  void whatElseTheShortFormSaysMustBeWhatTheTermsSay() {
    String docker = "provider: docker\nimage: nginx\n";
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(docker, 6_000_000, "24h")))
        .isInstanceOf(UnusableTermsException.class)
        .hasMessage("terms.sdl: provider: akash wanted, found docker");
    String longer = "image: nginx\nduration: 48h\n";
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(longer, 6_000_000, "24h")))
        .isInstanceOf(UnusableTermsException.class)
        .hasMessage("terms.sdl: the duration is not that of the terms");
    assertThat(DealTerms.read(Bazaar.terms("image: nginx\nduration: 24h\n", 6_000_000, "24h")))
        .isNotNull();
    assertThat(DealTerms.read(CEILING)).isNotNull();
  }

  /// Whatever is said of them must have a UTF-8 form, or it cannot be said at all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\": 1\nimage: nginx\n",
        "image: \"\\ud800\"\n",
        "version: \"2.0\"\n\"\\udc00\": {}\n",
        "version: \"2.0\"\nservices: {\"\\ud800\": {image: a}}\n",
        "? [a]\n: b\n",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
        "image: nginx\nmax_price: 1e999999999\n",
        "image: nginx\nmax_price: 0.0000000000000000000000001\n",
        "image: nginx\nresources: {cpu: 1e9, memory: 9e9E, storage: x}\n",
        "image: nginx\nwallet: \"\\0\"\n",
        "image: nginx\nport: 99999999999999999999\n",
        "image: nginx\nenv: [\"\\ud83d\"]\n",
        "%YAML 9.9\n---\nimage: nginx\n",
        "image: nginx\n---\nimage: nginx\n",
        "!!java.net.URL [x]",
        "---\n",
        ""
      })
  void hostileTermsAreDeclinedInOneSentence(String sdl) {
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(sdl, 6_000_000, "24h")))
        .isInstanceOf(UnusableTermsException.class)
        .extracting(e -> Reason.brief(String.valueOf(e.getMessage())))
        .matches(Json::isWellFormed);
  }

  @Test
  void longKeyOfOtherCharactersIsCutBetweenThem() {
    String key = "\"" + "\uD83D\uDE80".repeat(700) + "\": 1\n";
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(key, 6_000_000, "24h")))
        .extracting(e -> Reason.brief(String.valueOf(e.getMessage())))
        .matches(Json::isWellFormed)
        .extracting(String::length)
        .matches(length -> length <= 1_003);
    assertThatThrownBy(() -> DealTerms.read(Bazaar.terms(" " + key, 6_000_000, "24h")))
        .extracting(e -> Reason.brief(String.valueOf(e.getMessage())))
        .matches(Json::isWellFormed);
  }
}
