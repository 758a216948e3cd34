package org.agentchat.relay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.SkillListing;
import org.agentchat.schemas.message.SkillQuery;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Who offers what, as the log says. The tailer keeps it up to date; connections search it on their
/// own threads, without the ledger's lock.
final class SkillIndex {
  /// Best rated in the skill first, then by the agent's own rating, then the latest list
  /// (protocol.md section 15); by name where that decides nothing.
  private static final Comparator<SkillListing> BEST =
      Comparator.comparingInt(SkillListing::skillRating)
          .thenComparingInt(SkillListing::agentRating)
          .thenComparingLong(SkillListing::registeredAt)
          .reversed()
          .thenComparing(SkillListing::agentId)
          .thenComparing(SkillListing::capability);

  /// An agent with the list that it registered, read once.
  private record Offer(Account account, Account.Registration registration, List<Skill> skills) {}

  private record Skill(RegisterSkills.Skill read, JsonNode written) {}

  /// What a search found.
  ///
  /// @param total how many skills match, those beyond the limit included
  record Found(List<SkillListing> best, int total) {
    Found {
      best = List.copyOf(best);
    }
  }

  /// By the name of the account's first key, which never changes.
  private final Map<AgentId, Offer> offers = new ConcurrentHashMap<>();

  /// Takes every account of a ledger.
  void fill(Ledger ledger) {
    ledger.accounts().forEach(this::put);
  }

  /// Takes an account as it is now. Nobody can make a deal with one whose key was revoked.
  void put(Account account) {
    Account.Registration registration = account.registered();
    if (registration == null || account.isRevoked()) {
      offers.remove(account.first());
    } else {
      offers.put(account.first(), offer(account, registration));
    }
  }

  /// A list that is known already is not read again.
  private Offer offer(Account account, Account.Registration registration) {
    Offer before = offers.get(account.first());
    List<Skill> skills =
        before != null && before.registration().equals(registration)
            ? before.skills()
            : read(registration.statement());
    return new Offer(account, registration, skills);
  }

  private static List<Skill> read(RegisterSkills statement) {
    List<RegisterSkills.Skill> read = statement.list();
    List<Skill> skills = new ArrayList<>();
    for (JsonNode written : statement.skills().value()) {
      skills.add(new Skill(read.get(skills.size()), written));
    }
    return List.copyOf(skills);
  }

  Found search(SkillQuery query) {
    // The worst of the best so far is first, to make room: a listing for every skill there is
    // would be a hundred megabytes in a large marketplace.
    PriorityQueue<SkillListing> best = new PriorityQueue<>(BEST.reversed());
    int total = 0;
    for (Offer offer : offers.values()) {
      for (Skill skill : offer.skills()) {
        if (query.matches(skill.read())) {
          total++;
          best.add(listing(offer, skill));
          if (best.size() > query.results()) {
            best.remove();
          }
        }
      }
    }
    return new Found(best.stream().sorted(BEST).toList(), total);
  }

  private static SkillListing listing(Offer offer, Skill skill) {
    Account account = offer.account();
    Account.@Nullable Skill rated = account.skills().get(skill.read().capability());
    return new SkillListing(
        account.id(),
        skill.written(),
        offer.registration().at(),
        account.rating(),
        account.transactions(),
        rated == null ? account.rating() : rated.rating(),
        rated == null ? 0 : rated.transactions(),
        rated == null ? null : Instant.ofEpochMilli(rated.updatedAt()).toString());
  }
}
