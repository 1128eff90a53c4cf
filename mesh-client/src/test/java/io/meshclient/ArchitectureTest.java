package io.meshclient;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * Holds the arrows between the packages, and who owns which library. A rule about a package that is
 * not there yet passes.
 */
@AnalyzeClasses(packages = "io.meshclient", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.meshclient";

  @ArchTest static final ArchRule context_imports_no_package_of_ours = imports("context");
  @ArchTest static final ArchRule istio_imports_no_package_of_ours = imports("istio");
  @ArchTest static final ArchRule resilience_imports_no_package_of_ours = imports("resilience");
  @ArchTest static final ArchRule identity_imports_no_package_of_ours = imports("identity");
  @ArchTest static final ArchRule mesh_imports_no_package_of_ours = imports("mesh");
  @ArchTest static final ArchRule policy_imports_istio_only = imports("policy", "istio");
  @ArchTest static final ArchRule upstream_imports_policy_only = imports("upstream", "policy");

  @ArchTest
  static final ArchRule telemetry_imports_istio_and_context_only =
      imports("telemetry", "istio", "context");

  @ArchTest
  static final ArchRule access_imports_istio_and_identity_only =
      imports("access", "istio", "identity");

  @ArchTest
  static final ArchRule server_imports_what_requests_meet_and_root_only =
      imports(
          "server",
          "context",
          "identity",
          "access",
          "mesh",
          "policy",
          "resilience",
          "telemetry",
          "");

  /** The Workload API and SDS are HTTP/2, which is OkHttp's there too; two classes speak it. */
  @ArchTest
  static final ArchRule okhttp_belongs_to_root_and_to_grpc =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
          .and(not(nameStartingWith(ROOT + ".identity.GrpcConnection")))
          .and(not(nameStartingWith(ROOT + ".identity.GrpcCall")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("okhttp3..")
          .allowEmptyShould(true)
          .because("one package owns the library, and HTTP/2 is not written twice");

  @ArchTest
  static final ArchRule snakeyaml_belongs_to_istio = owns("istio", "org.yaml.snakeyaml..");

  @ArchTest
  static final ArchRule failsafe_belongs_to_resilience = owns("resilience", "dev.failsafe..");

  @ArchTest
  static final ArchRule cryptography_belongs_to_identity =
      owns("identity", "org.bouncycastle..", "com.nimbusds..");

  @ArchTest static final ArchRule servlets_belong_to_server = owns("server", "jakarta.servlet..");

  @ArchTest
  static final ArchRule opentelemetry_sdk_belongs_to_telemetry =
      owns("telemetry", "io.opentelemetry.sdk..");

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices()
          .assignedFrom(firstSegment())
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .because("a package is understood without the ones that use it");

  @ArchTest
  static final ArchRule packages_are_null_marked =
      classes()
          .should(beInNullMarkedPackage())
          .allowEmptyShould(true)
          .because("what is not said to be nullable is not null");

  @ArchTest
  static final ArchRule regexes_are_re2 =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.regex..")
          .orShould()
          .callMethod(String.class, "matches", String.class)
          .orShould()
          .callMethod(String.class, "replaceAll", String.class, String.class)
          .orShould()
          .callMethod(String.class, "replaceFirst", String.class, String.class)
          .allowEmptyShould(true)
          .because(
              "Istio's regexes are RE2, and a backtracking one can be made to hang: use RE2/J");

  @ArchTest
  static final ArchRule request_path_methods_are_not_synchronized =
      noMethods()
          .that()
          .areDeclaredInClassesThat(resideInAnyPackage(ROOT, ROOT + ".upstream.."))
          .should()
          .haveModifier(JavaModifier.SYNCHRONIZED)
          .allowEmptyShould(true)
          .because("a monitor on the request path pins virtual threads");

  /** Of our packages, {@code name} may import these alone; the empty name is the root package. */
  private static ArchRule imports(String name, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(others))
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(resideOutsideOfPackages(allowed)))
        .allowEmptyShould(true);
  }

  private static ArchRule owns(String name, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(packageOf(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .allowEmptyShould(true)
        .because("one package owns the library");
  }

  private static String packageOf(String name) {
    return name.isEmpty() ? ROOT : ROOT + "." + name + "..";
  }

  /** A slice for each package directly below the root, and one for the root itself. */
  private static SliceAssignment firstSegment() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        if (name.equals(ROOT)) {
          return SliceIdentifier.of("(root)");
        }
        if (!name.startsWith(ROOT + ".")) {
          return SliceIdentifier.ignore();
        }
        return SliceIdentifier.of(name.substring(ROOT.length() + 1).split("\\.", 2)[0]);
      }

      @Override
      public String getDescription() {
        return "packages below " + ROOT + ", and the root";
      }
    };
  }

  private static ArchCondition<JavaClass> beInNullMarkedPackage() {
    return new ArchCondition<>("be in a package annotated with @NullMarked") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
        String message =
            "package %s of %s: no @NullMarked (expected: a package-info.java with it)"
                .formatted(javaClass.getPackageName(), javaClass.getSimpleName());
        events.add(new SimpleConditionEvent(javaClass, marked, message));
      }
    };
  }
}
