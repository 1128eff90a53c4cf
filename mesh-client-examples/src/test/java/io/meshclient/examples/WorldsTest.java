package io.meshclient.examples;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The services are the same in each world: none asks which one it is in. {@link Outcome} writes
 * into its JSON who did what, which the demo shows.
 */
@AnalyzeClasses(
    packages = "io.meshclient.examples",
    importOptions = ImportOption.DoNotIncludeTests.class)
class WorldsTest {
  private static final String SERVICES = "io.meshclient.examples";

  @ArchTest
  static final ArchRule services_doNotAskWhoOwnsWhat =
      noClasses()
          .that()
          .resideInAPackage(SERVICES)
          .and()
          .doNotHaveSimpleName("Outcome")
          .should()
          .dependOnClassesThat(resideInAPackage("io.meshclient.mesh.."))
          .orShould()
          .callMethodWhere(target(name("ownership")));

  /** Main starts the demo. */
  @ArchTest
  static final ArchRule services_doNotKnowTheDemosWorlds =
      noClasses()
          .that()
          .resideInAPackage(SERVICES)
          .and()
          .doNotHaveSimpleName("Main")
          .should()
          .dependOnClassesThat(
              resideInAPackage(SERVICES + ".demo..").or(resideInAPackage(SERVICES + ".pods..")));
}
