package io.meshclient.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Which library each package may need: what an application lacks must not be asked for. */
@AnalyzeClasses(
    packages = "io.meshclient.spring",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArchitectureTest {
  private static final String ROOT = "io.meshclient.spring";

  @ArchTest
  static final ArchRule servlets_belong_to_server_and_security =
      owned("jakarta.servlet..", ROOT + ".server..", ROOT + ".security..");

  @ArchTest
  static final ArchRule security_belongs_to_security =
      owned("org.springframework.security..", ROOT + ".security..");

  @ArchTest
  static final ArchRule cloud_belongs_to_cloud =
      owned("org.springframework.cloud..", ROOT + ".cloud..");

  @ArchTest
  static final ArchRule actuator_belongs_to_actuate =
      owned("org.springframework.boot.actuate..", ROOT + ".actuate..");

  @ArchTest
  static final ArchRule meters_belong_to_actuate =
      owned("io.micrometer.core..", ROOT + ".actuate..");

  @ArchTest
  static final ArchRule context_propagation_belongs_to_context =
      owned("io.micrometer.context..", ROOT + ".context..");

  @ArchTest static final ArchRule junit_belongs_to_test = owned("org.junit..", ROOT + ".test..");

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule root_needs_no_package_of_ours_below_it =
      noClasses()
          .that()
          .resideInAPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".*..");

  @ArchTest
  static final ArchRule beans_are_package_private =
      methods()
          .that()
          .areAnnotatedWith(Bean.class)
          .should()
          .notBePublic()
          .andShould()
          .notBePrivate();

  @ArchTest
  static final ArchRule auto_configurations_are_final =
      classes()
          .that()
          .areAnnotatedWith(AutoConfiguration.class)
          .should()
          .haveModifier(JavaModifier.FINAL);

  private static ArchRule owned(String library, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("an application may lack it");
  }
}
