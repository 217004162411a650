package dev.lightkeeper.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names, state, and what comes in through constructors only. */
@AnalyzeClasses(packages = "dev.lightkeeper", importOptions = ProductOnly.class)
class DisciplineTest {
    private static final String WIRING = "dev.lightkeeper";

    private static final Map<Class<?>, Set<String>> TIME_AND_CHANCE = Map.ofEntries(
            Map.entry(Instant.class, Set.of("now")),
            Map.entry(LocalDate.class, Set.of("now")),
            Map.entry(LocalDateTime.class, Set.of("now")),
            Map.entry(OffsetDateTime.class, Set.of("now")),
            Map.entry(ZonedDateTime.class, Set.of("now")),
            Map.entry(Clock.class, Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry(InstantSource.class, Set.of("system")),
            Map.entry(System.class, Set.of("currentTimeMillis", "nanoTime")),
            Map.entry(Thread.class, Set.of("sleep")),
            Map.entry(Math.class, Set.of("random")),
            Map.entry(UUID.class, Set.of("randomUUID")),
            Map.entry(ThreadLocalRandom.class, Set.of("current")),
            Map.entry(Random.class, Set.of(JavaConstructor.CONSTRUCTOR_NAME)),
            Map.entry(SecureRandom.class, Set.of(JavaConstructor.CONSTRUCTOR_NAME)));

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
            .because("such a name says nothing, so everything ends up in it");

    @ArchTest
    static final ArchRule staticStateIsConstant = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .because("two operators run in one process in tests and in the sandbox; what one changes the other must not"
                    + " see");

    @ArchTest
    static final ArchRule staticFieldsHoldNothingThatChanges = fields().that()
            .areStatic()
            .should()
            .notHaveRawType(DescribedPredicate.describe(
                    "a mutable holder",
                    type -> type.getPackageName().equals("java.util.concurrent.atomic")
                            || type.isAssignableTo(java.util.concurrent.ConcurrentMap.class)
                            || Set.of("java.util.HashMap", "java.util.ArrayList", "java.util.HashSet")
                                    .contains(type.getName())))
            .because("a final field that holds a map is state all the same");

    @ArchTest
    static final ArchRule onlyConfigReadsTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackage("dev.lightkeeper.config..")
            .should()
            .callMethodWhere(target(System.class, Set.of("getenv", "getProperty", "setProperty")))
            .because("settings are checked at one place, at the start, and documented there");

    @ArchTest
    static final ArchRule timeAndChanceComeInThroughConstructors = noClasses()
            .that()
            .resideOutsideOfPackage(WIRING)
            .should(touch(TIME_AND_CHANCE))
            .because("what reads a clock of its own, sleeps or throws dice cannot be tested without waiting or luck");

    private static DescribedPredicate<JavaAccess<?>> target(Class<?> owner, Set<String> names) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + " " + names,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && names.contains(access.getTarget().getName()));
    }

    /** Calls and method references, both. */
    private static ArchCondition<JavaClass> touch(Map<Class<?>, Set<String>> forbidden) {
        return new ArchCondition<>("touch the clock or chance") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> forbidden.entrySet().stream()
                                .anyMatch(entry ->
                                        target(entry.getKey(), entry.getValue()).test(access)))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(type, access.getDescription())));
                type.getMethodReferencesFromSelf().stream()
                        .filter(reference -> forbidden.entrySet().stream()
                                .anyMatch(entry -> reference.getTargetOwner().isEquivalentTo(entry.getKey())
                                        && entry.getValue()
                                                .contains(reference.getTarget().getName())))
                        .forEach(reference ->
                                events.add(SimpleConditionEvent.satisfied(type, reference.getDescription())));
            }
        };
    }
}
