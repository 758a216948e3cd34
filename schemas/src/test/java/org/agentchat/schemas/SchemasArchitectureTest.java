package org.agentchat.schemas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import org.agentchat.schemas.identity.Identity;
import org.junit.jupiter.api.Test;

/// Words have no side effects.
class SchemasArchitectureTest {
  private static final JavaClasses SCHEMAS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.agentchat.schemas");

  @Test
  void doesNoInputOrOutput() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                nameMatching(
                    "java\\.io\\.(?!IOException$|Serializable$).*"
                        + "|java\\.(nio\\.file|nio\\.channels|net|sql|util\\.logging)\\..*"
                        + "|org\\.slf4j\\..*")));
  }

  @Test
  void readsNoClock() {
    check(
        noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now"));
  }

  @Test
  void onlyTheIdentitySignsAndKnowsChance() {
    check(
        noClasses()
            .that()
            .doNotBelongToAnyOf(Identity.class)
            .should()
            .dependOnClassesThat(assignableTo(Random.class)));
  }

  private static void check(ArchRule rule) {
    rule.check(SCHEMAS);
  }
}
