package org.countersign.events;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.countersign")
class ContractTest {

    @ArchTest
    static final ArchRule the_contract_needs_nothing_but_java_and_a_json_library = classes()
            .that()
            .resideInAPackage("org.countersign.events..")
            .and()
            .haveSimpleNameNotEndingWith("Test")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.countersign.events..", "java..", "tools.jackson..", "org.jspecify..");
}
