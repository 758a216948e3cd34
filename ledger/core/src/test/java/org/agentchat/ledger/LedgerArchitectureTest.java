package org.agentchat.ledger;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The fold and the formats are pure: the same log gives the same state anywhere.
class LedgerArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.agentchat.ledger", "org.agentchat.receipt", "org.agentchat.tlog");

  @Test
  void knowsOnlyTheSchemasAndTheJdk() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "org.agentchat.ledger",
                    "org.agentchat.receipt",
                    "org.agentchat.tlog",
                    "org.agentchat.schemas..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "java.nio",
                    "java.nio.charset",
                    "java.security",
                    "org.jspecify.annotations")));
  }

  @Test
  void doesNoInputOrOutputAndStartsNoThread() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.time..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "java.sql..")
                    .or(
                        nameMatching(
                            "java\\.lang\\.(Thread|Process|Runtime|ScopedValue|Math\\$.*).*"
                                + "|java\\.util\\.(Timer|Random|UUID|SplittableRandom|Locale\\$.*)"
                                + "|java\\.security\\.SecureRandom"))));
  }

  @Test
  void readsNoClockAndNoEnvironment() {
    check(
        noClasses()
            .should()
            .callMethodWhere(
                call(
                    "System\\.(currentTimeMillis|nanoTime|getenv|getProperty|identityHashCode)"
                        + "|(Long|Integer|Boolean)\\.get(Long|Integer|Boolean)"
                        + "|Locale\\.getDefault|Charset\\.defaultCharset|Object\\.hashCode")));
  }

  /// `Math` may use the machine's own instructions for all but the simplest; `StrictMath` may not.
  @Test
  void countsTheSameOnEveryMachine() {
    check(
        noClasses()
            .should()
            .callMethodWhere(
                call(
                    "Math\\.(pow|exp|expm1|log|log10|log1p|sqrt|cbrt|sin|cos|tan|asin|acos|atan|atan2"
                        + "|sinh|cosh|tanh|hypot|random|round|rint|floor|ceil|fma)")));
  }

  /// Hash tables may be asked; nobody may go through them in their order.
  @Test
  void goesThroughNoHashTable() {
    Set<String> hashed = Set.of(HashMap.class.getName(), HashSet.class.getName());
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                new DescribedPredicate<JavaAccess<?>>("goes through a hash table") {
                  @Override
                  public boolean test(JavaAccess<?> access) {
                    return hashed.contains(access.getTargetOwner().getName())
                        && Set.of("entrySet", "keySet", "values", "forEach", "iterator", "stream")
                            .contains(access.getName());
                  }
                }));
  }

  private static DescribedPredicate<JavaMethodCall> call(String pattern) {
    return DescribedPredicate.describe(
        "is one of " + pattern,
        access ->
            (access.getTargetOwner().getSimpleName() + "." + access.getName()).matches(pattern));
  }

  private static void check(ArchRule rule) {
    rule.check(CORE);
  }
}
